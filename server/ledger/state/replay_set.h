#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "server/ledger/proof/digest.h"

namespace giot::ledger {

// The transactions that were seen and have not expired, with their place in the log. A function of
// the log: no part of the state, rebuilt from its last ten minutes. One thread at a time.
class ReplaySet {
 public:
  // The first place counts.
  void Add(const Digest& id, std::int64_t expires_us, std::uint64_t position);
  // Forgets what expired before `now_us`.
  void Forget(std::int64_t now_us);
  // The position, if it is remembered.
  std::optional<std::uint64_t> Find(const Digest& id) const;
  std::size_t size() const { return positions_.size(); }

 private:
  // Ordered, since who sends transactions chooses their ids: no choice makes a tree slow.
  std::map<Digest, std::uint64_t> positions_;
  std::map<std::int64_t, std::vector<Digest>> by_expiry_;
};

}  // namespace giot::ledger
