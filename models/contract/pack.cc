#include "models/contract/pack.h"

#include <algorithm>
#include <optional>

namespace giot::contract {

PackedMarket Pack(const ScreeningMarket& market) {
  const ScreeningMarket normal = market.Normalized();
  PackedMarket packed;
  packed.types = normal.types();
  packed.globals = kGlobalColumns;
  std::fill(std::begin(packed.cost_types), std::end(packed.cost_types), 1.0F);
  std::copy(normal.cost_types().begin(), normal.cost_types().end(), packed.cost_types);
  std::copy(normal.probabilities().begin(), normal.probabilities().end(), packed.probabilities);
  packed.global[kValueScale] = static_cast<float>(normal.value_scale());
  packed.global[kValueRate] = static_cast<float>(normal.value_rate());
  packed.global[kCostCurvature] = static_cast<float>(normal.cost_curvature());
  packed.global[kQualityMin] = static_cast<float>(normal.quality_min());
  packed.global[kQualityMax] = static_cast<float>(normal.quality_max());
  const std::optional<double> budget = normal.budget_per_vehicle();
  if (budget && *budget < normal.Cost(normal.quality_max())) {
    packed.global[kHasBudget] = 1.0F;
    packed.global[kBudget] = static_cast<float>(*budget);
  }
  return packed;
}

}  // namespace giot::contract
