#include "server/ledger/cometbft/submissions.h"

#include "absl/strings/str_cat.h"

namespace giot::ledger {

absl::Status Submissions::Add(const OpenedTransaction& transaction, Driver::Done& done) {
  const std::lock_guard lock(mutex_);
  if (closed_) return *closed_;
  if (callbacks_ >= limits_.most) {
    return absl::ResourceExhaustedError(
        absl::StrCat("ledger: ", callbacks_, " transactions wait, at most ", limits_.most));
  }
  if (const auto entry = waiting_.find(transaction.id); entry != waiting_.end()) {
    entry->second.dones.push_back(std::move(done));
    ++callbacks_;
    return absl::OkStatus();
  }
  const std::size_t size = transaction.envelope.size();
  if (bytes_ + size > limits_.most_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("ledger: ", bytes_, " bytes of transactions wait, at most ", limits_.most_bytes));
  }
  bytes_ += size;
  ++callbacks_;
  Waiting waiting;
  waiting.serial = ++serials_;
  waiting.envelope = std::make_shared<const std::string>(transaction.envelope);
  waiting.expires_us = transaction.body.expires_us();
  waiting.dones.push_back(std::move(done));
  const Clock::time_point now = Clock::now();
  fresh_.push_back({now, transaction.id, waiting.serial});
  deadlines_.push_back({now + limits_.give_up, transaction.id, waiting.serial});
  waiting_.emplace(transaction.id, std::move(waiting));
  attempts_changed_.notify_one();
  if (deadlines_.size() == 1) told_changed_.notify_one();
  return absl::OkStatus();
}

Submissions::Map::iterator Submissions::Find(const Due& due) {
  const auto entry = waiting_.find(due.id);
  return entry != waiting_.end() && entry->second.serial == due.serial ? entry : waiting_.end();
}

std::optional<Submissions::Attempt> Submissions::NextAttempt() {
  std::unique_lock lock(mutex_);
  while (!closed_) {
    const Clock::time_point now = Clock::now();
    std::deque<Due>& queue = fresh_.empty() ? again_ : fresh_;
    if (queue.empty()) {
      attempts_changed_.wait(lock);
      continue;
    }
    const Due due = queue.front();
    const auto entry = Find(due);
    const bool is_over = entry == waiting_.end() || entry->second.placed.has_value();
    if (!is_over && due.when > now) {
      attempts_changed_.wait_until(lock, due.when);
      continue;
    }
    queue.pop_front();
    if (is_over) continue;
    again_.push_back({now + limits_.again, due.id, due.serial});
    Waiting& waiting = entry->second;
    const bool is_first = !std::exchange(waiting.was_tried, true);
    return Attempt{.id = due.id, .envelope = waiting.envelope, .expires_us = waiting.expires_us, .is_first = is_first};
  }
  return std::nullopt;
}

void Submissions::Tell(Map::iterator entry, absl::StatusOr<Placed> answer) {
  bytes_ -= entry->second.envelope->size();
  callbacks_ -= entry->second.dones.size();
  told_.push_back({std::move(entry->second.dones), std::move(answer)});
  waiting_.erase(entry);
  told_changed_.notify_one();
}

void Submissions::Answer(const Digest& id, absl::StatusOr<Placed> answer) {
  const std::lock_guard lock(mutex_);
  if (const auto entry = waiting_.find(id); entry != waiting_.end()) Tell(entry, std::move(answer));
}

void Submissions::Place(const Placed& placed) {
  const std::lock_guard lock(mutex_);
  const auto entry = waiting_.find(placed.id);
  if (entry == waiting_.end() || entry->second.placed) return;
  entry->second.placed = placed;
  placed_.emplace(placed.height, placed.id);
}

void Submissions::Agree(std::uint64_t height) {
  const std::lock_guard lock(mutex_);
  const auto end = placed_.upper_bound(height);
  for (auto placed = placed_.begin(); placed != end; ++placed) {
    const auto entry = waiting_.find(placed->second);
    if (entry == waiting_.end() || !entry->second.placed || entry->second.placed->height != placed->first) continue;
    Tell(entry, *entry->second.placed);
  }
  placed_.erase(placed_.begin(), end);
}

bool Submissions::IsWaiting(const Digest& id) const {
  const std::lock_guard lock(mutex_);
  return waiting_.contains(id);
}

void Submissions::GiveUp(Clock::time_point now) {
  while (!deadlines_.empty()) {
    const Due due = deadlines_.front();
    const auto entry = Find(due);
    if (entry != waiting_.end() && due.when > now) return;
    deadlines_.pop_front();
    if (entry == waiting_.end()) continue;
    Tell(entry,
         absl::AbortedError(
             "ledger: the validators have not placed it in time; whether they will is unknown, ask again later"));
  }
}

std::optional<Submissions::Told> Submissions::NextTold() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (!closed_) GiveUp(Clock::now());
    if (!told_.empty()) {
      Told told = std::move(told_.front());
      told_.pop_front();
      return told;
    }
    if (closed_) return std::nullopt;
    if (deadlines_.empty()) {
      told_changed_.wait(lock);
    } else {
      // A copy: the queue may change meanwhile.
      const Clock::time_point when = deadlines_.front().when;
      told_changed_.wait_until(lock, when);
    }
  }
}

void Submissions::Close(const absl::Status& reason) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  closed_ = reason;
  while (!waiting_.empty()) {
    const auto entry = waiting_.begin();
    const bool was_tried = entry->second.was_tried;
    Tell(entry, was_tried ? absl::AbortedError(reason.message()) : reason);
  }
  attempts_changed_.notify_all();
  told_changed_.notify_all();
}

}  // namespace giot::ledger
