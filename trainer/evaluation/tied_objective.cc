#include "trainer/evaluation/tied_objective.h"

#include <algorithm>
#include <cstddef>

namespace giot::trainer {

TiedObjective::TiedObjective(search::Objective& objective, int channels)
    : objective_(objective), channels_(channels), repeated_(static_cast<std::size_t>(objective.dimension())) {}

double TiedObjective::Value(absl::Span<const double> levels) {
  const std::size_t width = repeated_.size() / static_cast<std::size_t>(channels_);
  for (std::size_t channel = 0; channel < levels.size(); ++channel) {
    std::fill_n(repeated_.begin() + static_cast<std::ptrdiff_t>(channel * width), width, levels[channel]);
  }
  return objective_.Value(repeated_);
}

}  // namespace giot::trainer
