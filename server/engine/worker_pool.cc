#include "server/engine/worker_pool.h"

#include <utility>

namespace giot::engine {

WorkerPool::WorkerPool(int threads) {
  for (int t = 0; t < threads; ++t) threads_.emplace_back([this] { Loop(); });
}

WorkerPool::~WorkerPool() {
  {
    const MutexLock lock(&mutex_);
    closing_ = true;
  }
  changed_.NotifyAll();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::Run(std::function<void()> work) {
  {
    const MutexLock lock(&mutex_);
    waiting_.push_back(std::move(work));
  }
  changed_.NotifyOne();
}

void WorkerPool::Loop() {
  while (const std::function<void()> work = Take()) work();
}

std::function<void()> WorkerPool::Take() {
  const MutexLock lock(&mutex_);
  while (waiting_.empty()) {
    if (closing_) return nullptr;
    changed_.Wait(&mutex_);
  }
  std::function<void()> work = std::move(waiting_.front());
  waiting_.pop_front();
  return work;
}

}  // namespace giot::engine
