#include "models/uncertain/tensors/pack_markets.h"

namespace giot::uncertain {

policy::MarketBatch PackMarkets(absl::Span<const UncertainMarket> markets, torch::Device device, int padded_types) {
  const auto batch = static_cast<std::int64_t>(markets.size());
  policy::MarketBatch packed{torch::ones({batch, padded_types}), torch::zeros({batch, padded_types}),
                             torch::zeros({batch, padded_types}), torch::zeros({batch, kGlobalColumns})};
  auto cost_types = packed.cost_types.accessor<float, 2>();
  auto probabilities = packed.probabilities.accessor<float, 2>();
  auto mask = packed.mask.accessor<float, 2>();
  auto globals = packed.globals.accessor<float, 2>();
  for (std::int64_t row = 0; row < batch; ++row) {
    const UncertainMarket market = markets[static_cast<std::size_t>(row)].Normalized();
    for (int k = 0; k < market.types(); ++k) {
      const auto type = static_cast<std::size_t>(k);
      cost_types[row][k] = static_cast<float>(market.cost_types()[type]);
      probabilities[row][k] = static_cast<float>(market.probabilities()[type]);
      mask[row][k] = 1.0F;
    }
    const double columns[kGlobalColumns] = {
        market.value_rate(),      market.cost_curvature(),  static_cast<double>(market.vehicles()),
        market.coverage_value(),  market.threshold_value(), market.threshold(),
        market.threshold_width(), market.outside_option(),  market.participation_noise()};
    for (int column = 0; column < kGlobalColumns; ++column) {
      globals[row][column] = static_cast<float>(columns[column]);
    }
  }
  return policy::ToDevice(packed, device);
}

}  // namespace giot::uncertain
