#pragma once

#include <vector>

#include "absl/types/span.h"
#include "models/search/objective.h"

namespace giot::trainer {

// An objective all of whose levels of a channel are alike: one item for everybody.
// One level a channel; levels lie channel by channel. `objective` must outlive it, and
// its dimension be a multiple of `channels`.
class TiedObjective : public search::Objective {
 public:
  TiedObjective(search::Objective& objective, int channels);

  int dimension() const override { return channels_; }
  double Value(absl::Span<const double> levels) override;

 private:
  search::Objective& objective_;
  const int channels_;
  std::vector<double> repeated_;
};

}  // namespace giot::trainer
