#include "server/settlement/repeating.h"

#include <atomic>
#include <semaphore>

#include "gtest/gtest.h"

namespace giot::settlement {
namespace {

TEST(RepeatingTest, ItWorksAtOnceAndWheneverItIsWoken) {
  std::counting_semaphore<> worked(0);
  Repeating repeating(std::chrono::hours(1), [&] {
    worked.release();
    return false;
  });
  worked.acquire();
  repeating.Wake();
  worked.acquire();
  repeating.Wake();
  worked.acquire();
}

TEST(RepeatingTest, ItGoesOnAsLongAsThereIsMoreToDo) {
  std::counting_semaphore<> worked(0);
  std::atomic<int> left = 5;
  Repeating repeating(std::chrono::hours(1), [&] {
    worked.release();
    return --left > 0;
  });
  for (int i = 0; i < 5; ++i) worked.acquire();
  EXPECT_EQ(left, 0);
}

TEST(RepeatingTest, ItComesBackAfterTheInterval) {
  std::counting_semaphore<> worked(0);
  Repeating repeating(std::chrono::milliseconds(1), [&] {
    worked.release();
    return false;
  });
  for (int i = 0; i < 3; ++i) worked.acquire();
}

}  // namespace
}  // namespace giot::settlement
