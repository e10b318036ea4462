#include "models/uncertain/pack.h"

#include <algorithm>
#include <iterator>

namespace giot::uncertain {

contract::PackedMarket Pack(const UncertainMarket& market) {
  const UncertainMarket normal = market.Normalized();
  contract::PackedMarket packed;
  packed.types = normal.types();
  packed.globals = kGlobalColumns;
  std::fill(std::begin(packed.cost_types), std::end(packed.cost_types), 1.0F);
  std::copy(normal.cost_types().begin(), normal.cost_types().end(), packed.cost_types);
  std::copy(normal.probabilities().begin(), normal.probabilities().end(), packed.probabilities);
  const double columns[kGlobalColumns] = {
      normal.value_rate(),      normal.cost_curvature(),  static_cast<double>(normal.vehicles()),
      normal.coverage_value(),  normal.threshold_value(), normal.threshold(),
      normal.threshold_width(), normal.outside_option(),  normal.participation_noise()};
  std::copy(std::begin(columns), std::end(columns), packed.global);
  return packed;
}

contract::MarketTraits Traits(const UncertainMarket& market) {
  const UncertainMarket normal = market.Normalized();
  const absl::Span<const double> p = normal.probabilities();
  return {{"types", static_cast<double>(normal.types())},
          {"first_type", normal.cost_types().front()},
          {"value_rate", normal.value_rate()},
          {"cost_curvature", normal.cost_curvature()},
          {"vehicles", static_cast<double>(normal.vehicles())},
          {"coverage_value", normal.coverage_value()},
          {"threshold_value", normal.threshold_value()},
          {"threshold", normal.threshold()},
          {"threshold_width", normal.threshold_width()},
          {"outside_option", normal.outside_option()},
          {"participation_noise", normal.participation_noise()},
          {"probability_min", *std::min_element(p.begin(), p.end())},
          {"spacing_min", contract::LeastSpacing(normal.cost_types())}};
}

}  // namespace giot::uncertain
