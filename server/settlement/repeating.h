#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace giot::settlement {

// A thread that does something again and again: after `interval`, or as soon as it is woken.
class Repeating {
 public:
  // `work` says whether there is more to do at once.
  Repeating(std::chrono::microseconds interval, std::function<bool()> work);
  // Waits for the work that it is at.
  ~Repeating();
  Repeating(const Repeating&) = delete;
  Repeating& operator=(const Repeating&) = delete;

  // Thread-safe; never waits for the work.
  void Wake();

 private:
  void Loop();
  // False once it is to end.
  bool Wait(bool at_once);

  const std::chrono::microseconds interval_;
  const std::function<bool()> work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;  // Guarded by mutex_, as the next.
  bool closing_ = false;
  std::thread thread_;  // Last.
};

}  // namespace giot::settlement
