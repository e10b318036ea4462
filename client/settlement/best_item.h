#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "server/ledger/state/entries.h"

namespace giot::client {

// The item of a menu that leaves a vehicle most, reward less cost, the first of equals; nullopt if none leaves it
// anything. `cost_micros`: what the vehicle spends on an item, in micro-units.
std::optional<int> BestItem(const std::vector<ledger::TaskItem>& menu,
                            const std::function<double(const ledger::TaskItem&)>& cost_micros);

}  // namespace giot::client
