#include "models/policy/market_batch.h"

namespace giot::policy {

MarketBatch Narrow(const MarketBatch& markets, std::int64_t first, std::int64_t count) {
  return {markets.cost_types.narrow(0, first, count), markets.probabilities.narrow(0, first, count),
          markets.mask.narrow(0, first, count), markets.globals.narrow(0, first, count)};
}

MarketBatch ToDevice(const MarketBatch& markets, torch::Device device) {
  return {markets.cost_types.to(device), markets.probabilities.to(device), markets.mask.to(device),
          markets.globals.to(device)};
}

}  // namespace giot::policy
