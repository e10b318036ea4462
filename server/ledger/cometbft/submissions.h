#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/driver.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {

// Transactions that were submitted and have no answer yet: which to send to the engine next, which are
// in a block already, and who is to be told what. Calls nobody itself. Bounded; closed once. Thread-safe.
//
// A transaction is fresh, then perhaps pooled (the engine may have it), then perhaps placed (in a block that
// the next one has yet to confirm), then answered and forgotten. Time is the steady clock's.
class Submissions {
 public:
  using Clock = std::chrono::steady_clock;

  struct Limits {
    std::size_t most = 0;
    std::size_t most_bytes = 0;  // Of envelopes, each counted once.
    Clock::duration give_up{};   // From Add on.
    Clock::duration again{};     // From one attempt to the next.
  };

  explicit Submissions(Limits limits) : limits_(limits) {}

  // Takes a transaction that passes checks 1 to 5. One that waits already gets the same answer.
  // ResourceExhausted, or why it was closed; `done` is then not taken.
  absl::Status Add(const OpenedTransaction& transaction, Driver::Done& done);

  // Of a transaction that is not in a block, as far as is known here.
  struct Attempt {
    Digest id{};
    std::shared_ptr<const std::string> envelope;
    std::int64_t expires_us = 0;
    bool is_first = false;
  };
  // Waits until one is due; nullopt when closed.
  std::optional<Attempt> NextAttempt();

  // All of these ignore what does not wait (any more).
  void Answer(const Digest& id, absl::StatusOr<Placed> answer);
  // It is in a block, with its first place or a code of checks 6 and 7.
  void Place(const Placed& placed);
  // Blocks up to this height are for good.
  void Agree(std::uint64_t height);
  bool IsWaiting(const Digest& id) const;

  struct Told {
    std::vector<Driver::Done> dones;
    absl::StatusOr<Placed> answer;
  };
  // Waits until somebody is to be told something, or a transaction's time is over (Aborted). After Close it gives
  // what remains, then nullopt.
  std::optional<Told> NextTold();

  // What the engine may have is answered Aborted, all else with `reason`; only the first call counts.
  void Close(const absl::Status& reason);

 private:
  struct Waiting {
    std::uint64_t serial = 0;  // Of its Add.
    std::shared_ptr<const std::string> envelope;
    std::int64_t expires_us = 0;
    bool was_tried = false;
    std::optional<Placed> placed;
    std::vector<Driver::Done> dones;
  };
  using Map = std::map<Digest, Waiting>;
  // Something that is due for a transaction; void if the serial is no longer that of its entry.
  struct Due {
    Clock::time_point when;
    Digest id{};
    std::uint64_t serial = 0;
  };

  // All with the mutex held.
  Map::iterator Find(const Due& due);
  void Tell(Map::iterator entry, absl::StatusOr<Placed> answer);
  void GiveUp(Clock::time_point now);

  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable attempts_changed_;
  std::condition_variable told_changed_;
  Map waiting_;
  std::size_t bytes_ = 0;
  std::size_t callbacks_ = 0;
  std::uint64_t serials_ = 0;
  std::deque<Due> fresh_;                        // Never tried.
  std::deque<Due> again_;                        // In order of time, as are
  std::deque<Due> deadlines_;                    // these.
  std::multimap<std::uint64_t, Digest> placed_;  // By height.
  std::deque<Told> told_;
  std::optional<absl::Status> closed_;
};

}  // namespace giot::ledger
