#include "server/ledger/writer_queue.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::ledger {

using engine::MutexLock;

absl::Status WriterQueue::AdmitsLocked(std::size_t bytes) const {
  if (!closed_.ok()) return closed_;
  if (waiting_.size() >= most_) {
    return absl::ResourceExhaustedError(absl::StrCat("ledger: ", waiting_.size(), " transactions wait, the most"));
  }
  if (waiting_bytes_ + bytes > most_bytes_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("ledger: ", waiting_bytes_, " bytes of transactions wait, ", most_bytes_, " are the most"));
  }
  return absl::OkStatus();
}

absl::Status WriterQueue::Admits(std::size_t bytes) const {
  MutexLock lock(&mutex_);
  return AdmitsLocked(bytes);
}

absl::Status WriterQueue::Add(Waiting& waiting) {
  MutexLock lock(&mutex_);
  const std::size_t bytes = waiting.transaction.envelope.size();
  if (absl::Status admitted = AdmitsLocked(bytes); !admitted.ok()) return admitted;
  waiting_.push_back(std::move(waiting));
  waiting_bytes_ += bytes;
  changed_.NotifyOne();
  return absl::OkStatus();
}

absl::Status WriterQueue::Run(const std::function<absl::Status()>& read) {
  Reading reading(read);
  MutexLock lock(&mutex_);
  if (!closed_.ok()) return closed_;
  readings_.push_back(&reading);
  changed_.NotifyOne();
  while (!reading.finished) finished_.Wait(&mutex_);
  return reading.status;
}

WriterQueue::Work WriterQueue::Take(std::size_t most) {
  MutexLock lock(&mutex_);
  while (closed_.ok() && waiting_.empty() && readings_.empty()) changed_.Wait(&mutex_);
  Work work;
  work.closed = !closed_.ok();
  while (!work.closed && !waiting_.empty() && work.group.size() < most) {
    waiting_bytes_ -= waiting_.front().transaction.envelope.size();
    work.group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return work;
}

std::deque<WriterQueue::Reading*> WriterQueue::TakeReads() {
  MutexLock lock(&mutex_);
  return std::exchange(readings_, {});
}

void WriterQueue::Finish(Reading& reading, absl::Status status) {
  MutexLock lock(&mutex_);
  reading.status = std::move(status);
  reading.finished = true;
  finished_.NotifyAll();
}

void WriterQueue::CallReads() {
  for (Reading* const reading : TakeReads()) Finish(*reading, reading->read());
}

void WriterQueue::Close(absl::Status reason) {
  MutexLock lock(&mutex_);
  if (closed_.ok()) closed_ = std::move(reason);
  changed_.NotifyOne();
}

void WriterQueue::AnswerAll() {
  std::deque<Waiting> waiting;
  absl::Status reason;
  {
    MutexLock lock(&mutex_);
    waiting = std::exchange(waiting_, {});
    waiting_bytes_ = 0;
    reason = closed_;
  }
  for (Waiting& one : waiting) one.done(reason);
  for (Reading* const reading : TakeReads()) Finish(*reading, reason);
}

}  // namespace giot::ledger
