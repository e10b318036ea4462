#include "client/deals/for_each.h"

#include <atomic>
#include <vector>

#include "gtest/gtest.h"

namespace giot::client {
namespace {

TEST(ForEachTest, CallsForEveryIndexOnce) {
  std::vector<std::atomic<int>> calls(1000);
  const absl::Status status = ForEach(calls.size(), 8, [&](std::size_t index) {
    ++calls[index];
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok());
  for (const std::atomic<int>& count : calls) EXPECT_EQ(count, 1);
}

TEST(ForEachTest, EndsWithTheFirstError) {
  std::vector<std::size_t> calls;
  const absl::Status status = ForEach(10, 1, [&](std::size_t index) {
    calls.push_back(index);
    return index == 2 ? absl::DataLossError("third") : absl::OkStatus();
  });
  EXPECT_EQ(status, absl::DataLossError("third"));
  EXPECT_EQ(calls, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(ForEachTest, NothingIsToBeDoneForNothing) {
  EXPECT_TRUE(ForEach(0, 4, [](std::size_t) { return absl::InternalError("called"); }).ok());
}

}  // namespace
}  // namespace giot::client
