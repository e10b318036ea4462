#include "models/screening/tensors/pack_markets.h"

#include <algorithm>
#include <vector>

namespace giot::screening {

policy::MarketBatch PackMarkets(absl::Span<const contract::ScreeningMarket> markets, torch::Device device,
                                int padded_types) {
  std::vector<contract::PackedMarket> packed;
  int types = padded_types;
  for (const contract::ScreeningMarket& market : markets) {
    packed.push_back(contract::Pack(market));
    types = std::max(types, market.types());
  }
  return policy::ToBatch(packed, types, device);
}

}  // namespace giot::screening
