#include "client/settlement/best_item.h"

#include <cstddef>

namespace giot::client {

std::optional<int> BestItem(const std::vector<ledger::TaskItem>& menu,
                            const std::function<double(const ledger::TaskItem&)>& cost_micros) {
  std::optional<int> best;
  double most = 0.0;
  for (std::size_t i = 0; i < menu.size(); ++i) {
    const double left = static_cast<double>(menu[i].reward) - cost_micros(menu[i]);
    if (left <= most) continue;
    most = left;
    best = static_cast<int>(i);
  }
  return best;
}

}  // namespace giot::client
