#pragma once

#include "absl/types/span.h"
#include "models/freshness/freshness_market.h"
#include "models/search/objective.h"

namespace giot::freshness {

// The utility of the menu that levels decode to: what search maximises. Its
// gradient is that of UtilityAndGradient; rents and rewards choose the selection and
// nothing else, so theirs is 0. Both point at the market, which must outlive them.
// No heap.

// One candidate item a type (DecodeLevels).
class MenuObjective : public search::Objective {
 public:
  explicit MenuObjective(const FreshnessMarket& market) : market_(market) {}

  // 3 types().
  int dimension() const override;
  double Value(absl::Span<const double> levels) override;
  bool has_gradient() const override { return true; }
  double ValueAndGradient(absl::Span<const double> levels, absl::Span<double> gradient) override;

 private:
  const FreshnessMarket& market_;
};

// kMaxItems free items (DecodeItemLevels).
class ItemObjective : public search::Objective {
 public:
  explicit ItemObjective(const FreshnessMarket& market) : market_(market) {}

  // 3 kMaxItems.
  int dimension() const override;
  double Value(absl::Span<const double> levels) override;
  bool has_gradient() const override { return true; }
  double ValueAndGradient(absl::Span<const double> levels, absl::Span<double> gradient) override;

 private:
  const FreshnessMarket& market_;
};

}  // namespace giot::freshness
