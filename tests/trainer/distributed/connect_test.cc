#include "trainer/distributed/connect.h"

#include <gtest/gtest.h>

#include <memory>

namespace giot::trainer {
namespace {

using Connected = absl::StatusOr<std::unique_ptr<Communicator>>;

ClusterEnvironment TwoProcesses() {
  ClusterEnvironment environment;
  environment.size = 2;
  environment.master_address = "127.0.0.1";
  environment.master_port = 1;
  return environment;
}

TEST(Connect, OneProcessNeedsNobody) {
  const Connected alone = Connect(ClusterEnvironment{}, torch::kCPU, absl::Seconds(1));
  ASSERT_TRUE(alone.ok()) << alone.status();
  EXPECT_EQ((*alone)->rank(), 0);
  EXPECT_EQ((*alone)->size(), 1);

  const torch::Tensor value = torch::tensor({1.0F, 2.0F});
  EXPECT_TRUE((*alone)->AllReduceMean({value}).ok());
  EXPECT_TRUE((*alone)->Broadcast({value}).ok());
  EXPECT_TRUE(torch::equal(value, torch::tensor({1.0F, 2.0F})));
  EXPECT_TRUE((*alone)->Barrier().ok());
  EXPECT_EQ((*alone)->Any(true).value(), true);
  EXPECT_EQ((*alone)->Any(false).value(), false);
  EXPECT_EQ(BroadcastBytes(**alone, "state").value(), "state");
}

TEST(Connect, DeviceThatNoLibraryServesIsRefusedForSeveralProcesses) {
  EXPECT_EQ(Connect(TwoProcesses(), torch::kMeta, absl::Seconds(1)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Connect(ClusterEnvironment{}, torch::kMeta, absl::Seconds(1)).ok());
}

TEST(Connect, TimeoutMustBeAPositiveTime) {
  for (const absl::Duration timeout : {absl::ZeroDuration(), absl::Seconds(-1), absl::InfiniteDuration()}) {
    EXPECT_EQ(Connect(ClusterEnvironment{}, torch::kCPU, timeout).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace giot::trainer
