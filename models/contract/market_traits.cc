#include "models/contract/market_traits.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace giot::contract {

double LeastSpacing(absl::Span<const double> ladder) {
  double least = ladder.back() - ladder.front();
  for (std::size_t k = 1; k < ladder.size(); ++k) least = std::min(least, ladder[k] - ladder[k - 1]);
  return least;
}

MarketTraits Traits(const ScreeningMarket& market) {
  const ScreeningMarket normal = market.Normalized();
  const absl::Span<const double> p = normal.probabilities();
  MarketTraits traits = {{"types", static_cast<double>(normal.types())},
                         {"first_type", normal.cost_types().front()},
                         {"value_scale", normal.value_scale()},
                         {"value_rate", normal.value_rate()},
                         {"cost_curvature", normal.cost_curvature()},
                         {"quality_min", normal.quality_min()},
                         {"quality_max", normal.quality_max()},
                         {"probability_min", *std::min_element(p.begin(), p.end())},
                         {"spacing_min", LeastSpacing(normal.cost_types())}};
  const std::optional<double> budget = normal.budget_per_vehicle();
  if (budget && *budget < normal.Cost(normal.quality_max())) {
    traits.push_back({"budget_quality", normal.QualityAtCost(*budget) / normal.quality_min()});
  }
  return traits;
}

}  // namespace giot::contract
