#include "tests/server/ledger/acknowledging.h"

#include <utility>

namespace giot::ledger {

void Acknowledging::Submit(Driver& driver, std::string envelope) {
  ++submitted_;
  driver.Submit(std::move(envelope), [this](const absl::StatusOr<Placed>& placed) {
    std::lock_guard lock(mutex_);
    if (placed.ok()) acknowledged_[placed->id] = placed->position;
    ++answered_;
    changed_.notify_all();
  });
}

void Acknowledging::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return answered_ == submitted_; });
}

Acknowledged Acknowledging::acknowledged() const {
  std::lock_guard lock(mutex_);
  return acknowledged_;
}

int Acknowledging::answered() const {
  std::lock_guard lock(mutex_);
  return answered_;
}

}  // namespace giot::ledger
