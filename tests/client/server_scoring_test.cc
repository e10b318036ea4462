#include "client/server_scoring.h"

#include <mutex>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/fake_sensing_server.h"

namespace giot::client {
namespace {

using testing::ElementsAre;

constexpr absl::Duration kLifetime = absl::Seconds(60);

v1::ScoreSensingQualityRequest Delivery(const std::string& image) {
  v1::ScoreSensingQualityRequest request;
  request.set_image(image);
  request.set_submission_id("id of " + image);
  return request;
}

// Notes the images that come in, and fails the first `failures` of them.
class NotingServer {
 public:
  NotingServer(int failures, grpc::StatusCode code)
      : failures_(failures), server_([this, code](const auto& request, auto& score) {
          const std::lock_guard lock(mutex_);
          images_.push_back(request.image());
          if (failures_-- > 0) return grpc::Status(code, "for a test");
          return ScoreLeniently(request, score);
        }) {}

  const std::string& address() const { return server_.address(); }
  std::vector<std::string> images() {
    const std::lock_guard lock(mutex_);
    return images_;
  }

 private:
  std::mutex mutex_;
  int failures_;
  std::vector<std::string> images_;
  FakeSensingServer server_;
};

TEST(ServerScoringTest, FinishesInOrderWithOneOnItsWay) {
  NotingServer server(0, grpc::StatusCode::OK);
  SensingClient client(server.address());
  ServerScoring scoring(client, kLifetime);
  const std::vector<v1::ScoreSensingQualityRequest> requests = {Delivery("1"), Delivery("bad"), Delivery("3")};
  scoring.Begin(requests[0]);
  scoring.Begin(requests[1]);
  EXPECT_EQ(scoring.Finish(requests[0])->quality(), 0.75);
  scoring.Begin(requests[2]);
  EXPECT_EQ(scoring.Finish(requests[1]).status(), absl::InvalidArgumentError("image: bad"));
  EXPECT_EQ(scoring.Finish(requests[2])->quality(), 0.75);
  EXPECT_THAT(server.images(), ElementsAre("1", "bad", "3"));
}

TEST(ServerScoringTest, WhatTheServerHasNoRoomForIsAskedForAgain) {
  NotingServer server(1, grpc::StatusCode::RESOURCE_EXHAUSTED);
  SensingClient client(server.address());
  ServerScoring scoring(client, kLifetime);
  const auto request = Delivery("1");
  scoring.Begin(request);
  EXPECT_TRUE(scoring.Finish(request).ok());
  EXPECT_THAT(server.images(), ElementsAre("1", "1"));
}

TEST(ServerScoringTest, WithoutAStreamEachIsACallOfItsOwn) {
  NotingServer server(0, grpc::StatusCode::OK);
  SensingClient client(server.address());
  ServerScoring scoring(client, std::nullopt);
  const auto request = Delivery("1");
  scoring.Begin(request);
  EXPECT_THAT(server.images(), ElementsAre());
  EXPECT_TRUE(scoring.Finish(request).ok());
  EXPECT_THAT(server.images(), ElementsAre("1"));
}

TEST(ServerScoringTest, AStreamThatHasEndedIsNoLoss) {
  NotingServer server(0, grpc::StatusCode::OK);
  SensingClient client(server.address());
  ServerScoring scoring(client, absl::ZeroDuration());
  const auto request = Delivery("1");
  scoring.Begin(request);
  EXPECT_TRUE(scoring.Finish(request).ok());
}

TEST(ServerScoringTest, NobodyThereIsUnavailable) {
  std::string address;
  {
    const FakeSensingServer server;
    address = server.address();
  }
  SensingClient client(address);
  ServerScoring scoring(client, kLifetime);
  const auto request = Delivery("1");
  scoring.Begin(request);
  EXPECT_EQ(scoring.Finish(request).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace giot::client
