#include "client/deals/for_each.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace giot::client {

absl::Status ForEach(std::size_t count, int threads, const std::function<absl::Status(std::size_t index)>& work) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  absl::Status first;
  const auto run = [&] {
    for (std::size_t i = next++; i < count && !stop; i = next++) {
      const absl::Status status = work(i);
      if (status.ok()) continue;
      stop = true;
      const std::lock_guard lock(mutex);
      first.Update(status);
    }
  };
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t) running.emplace_back(run);
  for (std::thread& thread : running) thread.join();
  return first;
}

}  // namespace giot::client
