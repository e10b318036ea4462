#include "server/ledger/cometbft/decided_reads.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::ledger {

class DecidedReads::Waiting {
 public:
  explicit Waiting(Read call) : read(std::move(call)) {}

  const Read read;
  bool is_called = false;
  std::optional<absl::Status> status;
};

std::shared_ptr<DecidedReads::Waiting> DecidedReads::Add(Read read) {
  auto waiting = std::make_shared<Waiting>(std::move(read));
  const std::lock_guard lock(mutex_);
  waiting_.push_back(waiting);
  return waiting;
}

absl::Status DecidedReads::Wait(const std::shared_ptr<Waiting>& waiting, std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  called_.wait_for(lock, most, [&] { return waiting->is_called; });
  if (!waiting->is_called) {
    waiting_.erase(std::find(waiting_.begin(), waiting_.end(), waiting));
    return absl::UnavailableError(
        absl::StrCat("ledger: no block has confirmed the last one within ", most.count(), " ms"));
  }
  // What it captured is the caller's, who must not leave while it runs.
  called_.wait(lock, [&] { return waiting->status.has_value(); });
  return *waiting->status;
}

void DecidedReads::CallSome(StateMachine& machine, LedgerDatabase& database) {
  for (int i = 0; i < kMostAtOnce; ++i) {
    std::shared_ptr<Waiting> waiting;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) return;
      waiting = std::move(waiting_.front());
      waiting_.pop_front();
      waiting->is_called = true;
    }
    absl::Status status = waiting->read(machine, database);
    const std::lock_guard lock(mutex_);
    waiting->status = std::move(status);
    called_.notify_all();
  }
}

}  // namespace giot::ledger
