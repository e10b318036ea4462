#include "models/uncertain/menu_objective.h"

#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/utility.h"

namespace giot::uncertain {

int MenuObjective::dimension() const { return kLevelChannels * market_.types(); }

double MenuObjective::Value(absl::Span<const double> levels) {
  return Utility(market_, scenarios_, DecodeLevels(market_, levels));
}

double MenuObjective::ValueAndGradient(absl::Span<const double> levels, absl::Span<double> gradient) {
  MenuGradient menu_gradient;
  const double value = UtilityAndGradient(market_, scenarios_, DecodeLevels(market_, levels), menu_gradient);
  BackpropagateToLevels(market_, levels, menu_gradient, gradient);
  return value;
}

}  // namespace giot::uncertain
