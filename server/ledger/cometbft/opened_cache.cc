#include "server/ledger/cometbft/opened_cache.h"

#include <utility>

namespace giot::ledger {
namespace {

// A parsed body beside its envelope, and the places in the cache: about as much, at least.
std::size_t Cost(const OpenedTransaction& transaction) { return 1024 + 2 * transaction.envelope.size(); }

}  // namespace

std::shared_ptr<const OpenedTransaction> OpenedCache::Open(std::string envelope) {
  const Digest digest = Sha256({envelope});
  {
    const engine::MutexLock lock(&mutex_);
    if (const auto found = opened_.find(digest); found != opened_.end()) return found->second;
  }
  auto opened = std::make_shared<const OpenedTransaction>(OpenTransaction(chain_id_, std::move(envelope)));
  if (opened->envelope_code != v1::CODE_OK) return opened;
  const engine::MutexLock lock(&mutex_);
  if (!opened_.emplace(digest, opened).second) return opened;
  order_.push_back(digest);
  bytes_ += Cost(*opened);
  while (bytes_ > most_bytes_) {
    const auto oldest = opened_.find(order_.front());
    bytes_ -= Cost(*oldest->second);
    opened_.erase(oldest);
    order_.pop_front();
  }
  return opened;
}

}  // namespace giot::ledger
