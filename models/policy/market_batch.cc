#include "models/policy/market_batch.h"

#include <algorithm>

namespace giot::policy {

MarketBatch ToBatch(absl::Span<const contract::PackedMarket> markets, int types, torch::Device device) {
  const auto batch = static_cast<std::int64_t>(markets.size());
  MarketBatch packed{torch::empty({batch, types}), torch::empty({batch, types}), torch::zeros({batch, types}),
                     torch::empty({batch, batch == 0 ? 0 : markets.front().globals})};
  for (std::int64_t row = 0; row < batch; ++row) {
    const contract::PackedMarket& market = markets[static_cast<std::size_t>(row)];
    std::copy_n(market.cost_types, types, packed.cost_types.data_ptr<float>() + row * types);
    std::copy_n(market.probabilities, types, packed.probabilities.data_ptr<float>() + row * types);
    std::fill_n(packed.mask.data_ptr<float>() + row * types, market.types, 1.0F);
    std::copy_n(market.global, market.globals, packed.globals.data_ptr<float>() + row * market.globals);
  }
  return ToDevice(packed, device);
}

MarketBatch Narrow(const MarketBatch& markets, std::int64_t first, std::int64_t count) {
  return {markets.cost_types.narrow(0, first, count), markets.probabilities.narrow(0, first, count),
          markets.mask.narrow(0, first, count), markets.globals.narrow(0, first, count)};
}

MarketBatch ToDevice(const MarketBatch& markets, torch::Device device) {
  return {markets.cost_types.to(device), markets.probabilities.to(device), markets.mask.to(device),
          markets.globals.to(device)};
}

}  // namespace giot::policy
