#include "server/quality/source_queue.h"

#include <atomic>
#include <latch>
#include <mutex>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace giot::scoring {
namespace {

using testing::ElementsAre;

SourceQueue::Answer Nothing() {
  return [] {};
}

// What work left behind, in order.
class Diary {
 public:
  SourceQueue::Work Writing(const std::string& entry) {
    return [this, entry] {
      const std::lock_guard lock(mutex_);
      entries_.push_back(entry);
      return Nothing();
    };
  }
  std::vector<std::string> entries() {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> entries_;
};

// Keeps a thread until it is let go.
SourceQueue::Work Blocking(std::latch& started, std::latch& go_on) {
  return [&started, &go_on] {
    started.count_down();
    go_on.wait();
    return Nothing();
  };
}

TEST(SourceQueueTest, SourcesTakeTurnsAndEachKeepsItsOrder) {
  Diary diary;
  std::latch started(1);
  std::latch go_on(1);
  {
    SourceQueue queue(1, {});
    ASSERT_TRUE(queue.Add("first", 1, Blocking(started, go_on)).ok());
    started.wait();
    for (const char* entry : {"a1", "a2", "a3"}) ASSERT_TRUE(queue.Add("a", 1, diary.Writing(entry)).ok());
    for (const char* entry : {"b1", "b2"}) ASSERT_TRUE(queue.Add("b", 1, diary.Writing(entry)).ok());
    go_on.count_down();
  }
  EXPECT_THAT(diary.entries(), ElementsAre("a1", "b1", "a2", "b2", "a3"));
}

TEST(SourceQueueTest, NoTwoThreadsWorkOnOneSource) {
  std::atomic<int> at_once = 0;
  std::atomic<int> too_many = 0;
  std::atomic<int> done = 0;
  {
    SourceQueue queue(4, {.deliveries = 1000, .bytes = 1000});
    for (int i = 0; i < 400; ++i) {
      ASSERT_TRUE(queue
                      .Add("vehicle", 1,
                           [&] {
                             if (++at_once > 1) ++too_many;
                             --at_once;
                             ++done;
                             return Nothing();
                           })
                      .ok());
    }
  }
  EXPECT_EQ(done, 400);
  EXPECT_EQ(too_many, 0);
}

TEST(SourceQueueTest, SourcesAreWorkedOnAtTheSameTime) {
  std::latch together(2);  // Nobody gets past it alone.
  std::latch unused(0);
  SourceQueue queue(2, {});
  const auto meet = [&together] {
    together.arrive_and_wait();
    return Nothing();
  };
  EXPECT_TRUE(queue.Add("a", 1, meet).ok());
  EXPECT_TRUE(queue.Add("b", 1, meet).ok());
}

TEST(SourceQueueTest, RefusesOneDeliveryTooManyAndTakesItOnceThereIsRoom) {
  std::latch started(1);
  std::latch go_on(1);
  std::latch answered(1);
  SourceQueue queue(1, {.deliveries = 2, .bytes = 100});
  ASSERT_TRUE(queue.Add("a", 1, Blocking(started, go_on)).ok());
  started.wait();  // What is being worked on counts too.
  ASSERT_TRUE(queue.Add("b", 1, [&answered] { return [&answered] { answered.count_down(); }; }).ok());
  EXPECT_EQ(queue.Add("c", 1, Nothing).code(), absl::StatusCode::kResourceExhausted);
  go_on.count_down();
  answered.wait();  // By then its place is free.
  EXPECT_TRUE(queue.Add("c", 1, Nothing).ok());
}

TEST(SourceQueueTest, RefusesOneByteTooMany) {
  std::latch started(1);
  std::latch go_on(1);
  SourceQueue queue(1, {.deliveries = 100, .bytes = 10});
  EXPECT_EQ(queue.Add("a", 11, Nothing).code(), absl::StatusCode::kResourceExhausted);
  ASSERT_TRUE(queue.Add("a", 6, Blocking(started, go_on)).ok());
  started.wait();
  EXPECT_EQ(queue.Add("b", 5, Nothing).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(queue.Add("b", 4, Nothing).ok());
  go_on.count_down();
}

TEST(SourceQueueTest, WhatWasTakenInIsDoneBeforeItDies) {
  Diary diary;
  {
    SourceQueue queue(2, {});
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(queue.Add(std::to_string(i % 3), 1, diary.Writing("x")).ok());
  }
  EXPECT_EQ(diary.entries().size(), 20U);
}

}  // namespace
}  // namespace giot::scoring
