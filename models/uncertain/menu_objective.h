#pragma once

#include "models/search/objective.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::uncertain {

// The utility of the menu that levels decode to: what search maximises, with its
// exact gradient. Points at market and scenarios, which must outlive it. No heap.
class MenuObjective : public search::Objective {
 public:
  MenuObjective(const UncertainMarket& market, const Scenarios& scenarios) : market_(market), scenarios_(scenarios) {}

  // 2 types().
  int dimension() const override;
  double Value(absl::Span<const double> levels) override;
  bool has_gradient() const override { return true; }
  double ValueAndGradient(absl::Span<const double> levels, absl::Span<double> gradient) override;

 private:
  const UncertainMarket& market_;
  const Scenarios& scenarios_;
};

}  // namespace giot::uncertain
