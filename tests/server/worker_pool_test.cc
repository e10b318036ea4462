#include "server/engine/worker_pool.h"

#include <atomic>
#include <cstddef>
#include <latch>
#include <vector>

#include "gtest/gtest.h"

namespace giot::engine {
namespace {

TEST(WorkerPoolTest, RunsAllWorkBeforeItDies) {
  std::atomic<int> done = 0;
  {
    WorkerPool pool(2);
    for (int i = 0; i < 100; ++i) pool.Run([&done] { ++done; });
  }
  EXPECT_EQ(done, 100);
}

TEST(WorkerPoolTest, RunsAsManyAtOnceAsItHasThreads) {
  constexpr int kThreads = 3;
  std::latch together(kThreads);  // Nobody gets past it alone.
  std::atomic<int> done = 0;
  {
    WorkerPool pool(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      pool.Run([&] {
        together.arrive_and_wait();
        ++done;
      });
    }
  }
  EXPECT_EQ(done, kThreads);
}

TEST(WorkerPoolTest, OneThreadKeepsTheOrder) {
  std::vector<int> order;
  {
    WorkerPool pool(1);
    for (int i = 0; i < 50; ++i) pool.Run([&order, i] { order.push_back(i); });
  }
  ASSERT_EQ(order.size(), 50U);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

}  // namespace
}  // namespace giot::engine
