#include "models/screening/tensors/pack_markets.h"

#include <algorithm>
#include <optional>

namespace giot::screening {
namespace {

// The budget of a normalised market where it can matter.
std::optional<double> BindingBudget(const contract::ScreeningMarket& market) {
  const std::optional<double> budget = market.budget_per_vehicle();
  if (!budget || *budget >= market.Cost(market.quality_max())) return std::nullopt;
  return budget;
}

}  // namespace

policy::MarketBatch PackMarkets(absl::Span<const contract::ScreeningMarket> markets, torch::Device device,
                                int padded_types) {
  int types = padded_types;
  for (const contract::ScreeningMarket& market : markets) types = std::max(types, market.types());
  const auto batch = static_cast<std::int64_t>(markets.size());
  policy::MarketBatch packed{torch::ones({batch, types}), torch::zeros({batch, types}), torch::zeros({batch, types}),
                             torch::zeros({batch, kGlobalColumns})};
  auto cost_types = packed.cost_types.accessor<float, 2>();
  auto probabilities = packed.probabilities.accessor<float, 2>();
  auto mask = packed.mask.accessor<float, 2>();
  auto globals = packed.globals.accessor<float, 2>();
  for (std::int64_t row = 0; row < batch; ++row) {
    const contract::ScreeningMarket market = markets[static_cast<std::size_t>(row)].Normalized();
    for (int k = 0; k < market.types(); ++k) {
      const auto type = static_cast<std::size_t>(k);
      cost_types[row][k] = static_cast<float>(market.cost_types()[type]);
      probabilities[row][k] = static_cast<float>(market.probabilities()[type]);
      mask[row][k] = 1.0F;
    }
    const std::optional<double> budget = BindingBudget(market);
    globals[row][kValueScale] = static_cast<float>(market.value_scale());
    globals[row][kValueRate] = static_cast<float>(market.value_rate());
    globals[row][kCostCurvature] = static_cast<float>(market.cost_curvature());
    globals[row][kQualityMin] = static_cast<float>(market.quality_min());
    globals[row][kQualityMax] = static_cast<float>(market.quality_max());
    globals[row][kHasBudget] = budget ? 1.0F : 0.0F;
    globals[row][kBudget] = static_cast<float>(budget.value_or(0.0));
  }
  return policy::ToDevice(packed, device);
}

}  // namespace giot::screening
