#include "models/freshness/tensors/pack_markets.h"

namespace giot::freshness {

torch::Tensor UpdateCosts(const policy::MarketBatch& markets) {
  return markets.globals.narrow(1, kUpdateCosts, kMaxTypes);
}

policy::MarketBatch PackMarkets(absl::Span<const FreshnessMarket> markets, torch::Device device) {
  const auto batch = static_cast<std::int64_t>(markets.size());
  policy::MarketBatch packed{torch::ones({batch, kMaxTypes}), torch::zeros({batch, kMaxTypes}),
                             torch::zeros({batch, kMaxTypes}), torch::ones({batch, kGlobalColumns})};
  auto cost_types = packed.cost_types.accessor<float, 2>();
  auto probabilities = packed.probabilities.accessor<float, 2>();
  auto mask = packed.mask.accessor<float, 2>();
  auto globals = packed.globals.accessor<float, 2>();
  for (std::int64_t row = 0; row < batch; ++row) {
    const FreshnessMarket market = markets[static_cast<std::size_t>(row)].Normalized();
    for (int t = 0; t < market.types(); ++t) {
      const auto type = static_cast<std::size_t>(t);
      cost_types[row][t] = static_cast<float>(market.sensing_costs()[type]);
      globals[row][kUpdateCosts + t] = static_cast<float>(market.update_costs()[type]);
      probabilities[row][t] = static_cast<float>(market.probabilities()[type]);
      mask[row][t] = 1.0F;
    }
    globals[row][kValueScale] = static_cast<float>(market.value_scale());
    globals[row][kValueRate] = static_cast<float>(market.value_rate());
    globals[row][kStalenessRate] = static_cast<float>(market.staleness_rate());
  }
  return policy::ToDevice(packed, device);
}

}  // namespace giot::freshness
