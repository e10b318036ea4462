#include "models/freshness/tensors/pack_markets.h"

#include <vector>

namespace giot::freshness {

torch::Tensor UpdateCosts(const policy::MarketBatch& markets) {
  return markets.globals.narrow(1, kUpdateCosts, kMaxTypes);
}

policy::MarketBatch PackMarkets(absl::Span<const FreshnessMarket> markets, torch::Device device) {
  std::vector<contract::PackedMarket> packed;
  for (const FreshnessMarket& market : markets) packed.push_back(Pack(market));
  return policy::ToBatch(packed, kMaxTypes, device);
}

}  // namespace giot::freshness
