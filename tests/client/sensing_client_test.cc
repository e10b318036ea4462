#include "client/sensing_client.h"

#include <mutex>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "tests/client/fake_clock.h"
#include "tests/client/fake_sensing_server.h"

namespace giot::client {
namespace {

// The submission ids that reached a server, which fails the first `failures` calls.
class Recorder {
 public:
  explicit Recorder(int failures) : failures_(failures) {}

  SensingHandler Handler() {
    return [this](const auto& request, auto& score) {
      const std::lock_guard lock(mutex_);
      ids_.push_back(request.submission_id());
      if (failures_-- > 0) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "lost");
      return ScoreLeniently(request, score);
    };
  }
  std::vector<std::string> ids() {
    const std::lock_guard lock(mutex_);
    return ids_;
  }

 private:
  std::mutex mutex_;
  int failures_;
  std::vector<std::string> ids_;
};

v1::ScoreSensingQualityRequest Delivery(const std::string& image) {
  v1::ScoreSensingQualityRequest request;
  request.set_image(image);
  return request;
}

TEST(SensingClientTest, BringsBackTheScore) {
  const FakeSensingServer server;
  SensingClient client(server.address());
  const auto score = client.ScoreSensingQuality(Delivery("image"));
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_EQ(score->quality(), 0.75);
}

TEST(SensingClientTest, PassesOnTheRefusal) {
  const FakeSensingServer server;
  SensingClient client(server.address());
  EXPECT_EQ(client.ScoreSensingQuality(Delivery("bad")).status(), absl::InvalidArgumentError("image: bad"));
}

TEST(SensingClientTest, ARetryIsTheSameSubmissionAndAnotherDeliveryIsNot) {
  Recorder recorder(2);
  const FakeSensingServer server(recorder.Handler());
  FakeClock clock(absl::Now());
  SensingClient client(grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()), {}, clock);
  ASSERT_TRUE(client.ScoreSensingQuality(Delivery("image")).ok());
  ASSERT_TRUE(client.ScoreSensingQuality(Delivery("image")).ok());
  const std::vector<std::string> ids = recorder.ids();
  ASSERT_EQ(ids.size(), 4U);
  EXPECT_FALSE(ids[0].empty());
  EXPECT_EQ(ids[1], ids[0]);
  EXPECT_EQ(ids[2], ids[0]);
  EXPECT_NE(ids[3], ids[0]);
}

TEST(SensingClientTest, KeepsTheCallersSubmissionId) {
  Recorder recorder(0);
  const FakeSensingServer server(recorder.Handler());
  SensingClient client(server.address());
  v1::ScoreSensingQualityRequest request = Delivery("image");
  request.set_submission_id("mine");
  ASSERT_TRUE(client.ScoreSensingQuality(request).ok());
  EXPECT_EQ(recorder.ids(), std::vector<std::string>{"mine"});
}

TEST(SensingClientTest, NobodyThereIsUnavailable) {
  std::string address;
  {
    const FakeSensingServer server;
    address = server.address();
  }
  SensingClient client(address);
  EXPECT_EQ(client.ScoreSensingQuality(Delivery("image")).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace giot::client
