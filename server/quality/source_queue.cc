#include "server/quality/source_queue.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::scoring {

SourceQueue::SourceQueue(int threads, const QueueLimits& limits) : limits_(limits) {
  for (int t = 0; t < threads; ++t) threads_.emplace_back([this] { Loop(); });
}

SourceQueue::~SourceQueue() {
  {
    const engine::MutexLock lock(&mutex_);
    closing_ = true;
  }
  changed_.NotifyAll();
  for (std::thread& thread : threads_) thread.join();
}

absl::Status SourceQueue::Add(const std::string& source, std::int64_t bytes, Work work) {
  {
    const engine::MutexLock lock(&mutex_);
    if (deliveries_ >= limits_.deliveries) {
      return absl::ResourceExhaustedError(
          absl::StrCat("deliveries: ", limits_.deliveries, " waiting is the limit, try again"));
    }
    if (bytes > limits_.bytes - bytes_) {
      return absl::ResourceExhaustedError(absl::StrCat("deliveries: ", bytes_, " bytes are waiting, ", bytes,
                                                       " more would exceed the limit of ", limits_.bytes,
                                                       ", try again"));
    }
    ++deliveries_;
    bytes_ += bytes;
    const auto [entry, is_idle] = waiting_.try_emplace(source);
    entry->second.push_back({bytes, std::move(work)});
    if (is_idle) turns_.push_back(source);
  }
  changed_.NotifyOne();
  return absl::OkStatus();
}

void SourceQueue::Loop() {
  std::string source;
  for (Item item; Take(source, item);) {
    const Answer answer = item.work();
    item.work = nullptr;  // What it holds goes before its place does.
    Finish(source, item);
    answer();
  }
}

bool SourceQueue::Take(std::string& source, Item& item) {
  const engine::MutexLock lock(&mutex_);
  while (turns_.empty()) {
    if (closing_ && waiting_.empty()) return false;
    changed_.Wait(&mutex_);
  }
  source = std::move(turns_.front());
  turns_.pop_front();
  std::deque<Item>& items = waiting_[source];
  item = std::move(items.front());
  items.pop_front();
  return true;
}

void SourceQueue::Finish(const std::string& source, const Item& item) {
  {
    const engine::MutexLock lock(&mutex_);
    --deliveries_;
    bytes_ -= item.bytes;
    const auto entry = waiting_.find(source);
    if (entry->second.empty()) {
      waiting_.erase(entry);
    } else {
      turns_.push_back(source);
    }
  }
  // All, since one that closes may wait for the last source to be done.
  changed_.NotifyAll();
}

}  // namespace giot::scoring
