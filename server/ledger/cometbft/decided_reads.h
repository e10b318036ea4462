#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "absl/status/status.h"
#include "server/ledger/ledger_database.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

// Reads that wait for the moment at which the ledger holds just what the validators agreed on, between two
// blocks. Thread-safe.
class DecidedReads {
 public:
  using Read = std::function<absl::Status(StateMachine& machine, LedgerDatabase& database)>;

  // A read that waits for its moment; `read` is called at most once, on another thread.
  class Waiting;
  std::shared_ptr<Waiting> Add(Read read);
  // Its status; Unavailable if the moment has not come in time, and then never will.
  absl::Status Wait(const std::shared_ptr<Waiting>& waiting, std::chrono::milliseconds most);

  // The moment. At most kMostAtOnce, the oldest first, so that blocks are not kept waiting.
  void CallSome(StateMachine& machine, LedgerDatabase& database);
  static constexpr int kMostAtOnce = 64;

 private:
  std::mutex mutex_;
  std::condition_variable called_;
  std::deque<std::shared_ptr<Waiting>> waiting_;
};

}  // namespace giot::ledger
