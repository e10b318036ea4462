#include "server/settlement/repeating.h"

#include <utility>

namespace giot::settlement {

Repeating::Repeating(std::chrono::microseconds interval, std::function<bool()> work)
    : interval_(interval), work_(std::move(work)), thread_([this] { Loop(); }) {}

Repeating::~Repeating() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Repeating::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void Repeating::Loop() {
  bool more = true;
  while (Wait(more)) more = work_();
}

bool Repeating::Wait(bool at_once) {
  std::unique_lock lock(mutex_);
  if (!at_once) changed_.wait_for(lock, interval_, [this] { return woken_ || closing_; });
  woken_ = false;
  return !closing_;
}

}  // namespace giot::settlement
