#include "server/ledger/state/replay_set.h"

namespace giot::ledger {

void ReplaySet::Add(const Digest& id, std::int64_t expires_us, std::uint64_t position) {
  if (positions_.emplace(id, position).second) by_expiry_[expires_us].push_back(id);
}

void ReplaySet::Forget(std::int64_t now_us) {
  while (!by_expiry_.empty() && by_expiry_.begin()->first < now_us) {
    for (const Digest& id : by_expiry_.begin()->second) positions_.erase(id);
    by_expiry_.erase(by_expiry_.begin());
  }
}

std::optional<std::uint64_t> ReplaySet::Find(const Digest& id) const {
  const auto found = positions_.find(id);
  if (found == positions_.end()) return std::nullopt;
  return found->second;
}

}  // namespace giot::ledger
