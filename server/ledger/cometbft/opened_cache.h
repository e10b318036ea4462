#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "server/engine/mutex.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {

// Envelopes that were opened lately, so that who meets one again verifies no signature anew: as it is
// pure, the answer is the same. Holds only those that pass checks 1 to 5, up to `most_bytes` of them together (the
// oldest go first). Thread-safe; signatures are verified on the caller's thread, without a lock.
class OpenedCache {
 public:
  OpenedCache(std::string chain_id, std::size_t most_bytes) : chain_id_(std::move(chain_id)), most_bytes_(most_bytes) {}

  // OpenTransaction's answer.
  std::shared_ptr<const OpenedTransaction> Open(std::string envelope);

 private:
  const std::string chain_id_;
  const std::size_t most_bytes_;
  engine::Mutex mutex_;
  // By the SHA-256 of the envelope. Ordered, since who sends envelopes chooses them.
  std::map<Digest, std::shared_ptr<const OpenedTransaction>> opened_ ABSL_GUARDED_BY(mutex_);
  std::deque<Digest> order_ ABSL_GUARDED_BY(mutex_);
  std::size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace giot::ledger
