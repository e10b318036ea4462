#pragma once

#include <atomic>
#include <optional>

namespace giot::engine {

// Bounds how many requests are computed at once. A request that does not get in
// is refused at once instead of queued: the answer takes tens of microseconds, so
// a queue would only add delay. Thread-safe, no locks.
class Admission {
 public:
  // A place, given back when the ticket dies.
  class Ticket {
   public:
    explicit Ticket(std::atomic<int>* taken) : taken_(taken) {}
    ~Ticket() {
      if (taken_ != nullptr) taken_->fetch_sub(1, std::memory_order_relaxed);
    }
    Ticket(Ticket&& other) noexcept : taken_(other.taken_) { other.taken_ = nullptr; }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    Ticket& operator=(Ticket&&) = delete;

   private:
    std::atomic<int>* taken_;
  };

  // Requires limit >= 1.
  explicit Admission(int limit) : limit_(limit) {}

  // nullopt if `limit` tickets are out.
  std::optional<Ticket> TryEnter() {
    if (taken_.fetch_add(1, std::memory_order_relaxed) < limit_) return Ticket(&taken_);
    taken_.fetch_sub(1, std::memory_order_relaxed);
    return std::nullopt;
  }

  int limit() const { return limit_; }

 private:
  const int limit_;
  std::atomic<int> taken_ = 0;
};

}  // namespace giot::engine
