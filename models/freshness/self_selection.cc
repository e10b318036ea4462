#include "models/freshness/self_selection.h"

#include <array>
#include <cstddef>

#include "models/freshness/lane_kernels.h"

namespace giot::freshness {

Selection SelfSelect(const FreshnessMarket& market, const ItemTable& items, double tie) {
  std::array<double, kMaxTypes> gain;
  for (int j = 0; j < items.size(); ++j) gain[static_cast<std::size_t>(j)] = items.value(j) - items.reward(j);
  TypeLanes least;
  FindBestUtilities(items.rewards(), items.costs(), items.size(), least);
  for (double& utility : least) utility -= tie;
  TypeLanes pick;
  PickMostProfitable(items.rewards(), gain.data(), items.costs(), items.size(), least, pick);
  Selection selection;
  selection.fill(kOptsOut);
  for (std::size_t t = 0; t < static_cast<std::size_t>(market.types()); ++t) selection[t] = static_cast<int>(pick[t]);
  return selection;
}

}  // namespace giot::freshness
