#include "models/uncertain/tensors/pack_markets.h"

#include <vector>

namespace giot::uncertain {

policy::MarketBatch PackMarkets(absl::Span<const UncertainMarket> markets, torch::Device device, int padded_types) {
  std::vector<contract::PackedMarket> packed;
  for (const UncertainMarket& market : markets) packed.push_back(Pack(market));
  return policy::ToBatch(packed, padded_types, device);
}

}  // namespace giot::uncertain
