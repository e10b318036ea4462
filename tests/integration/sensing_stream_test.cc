// client::SensingStream against giot-server's own Server, with a model that finds every image alike.
#include "client/sensing_stream.h"

#include <cstdint>
#include <filesystem>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/sensing_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/odd_images.h"
#include "tests/integration/running_server.h"
#include "tests/server/quality/test_quality_model.h"
#include "tests/server/quality/test_recording.h"

namespace giot::integration {
namespace {

using absl::StatusCode;

constexpr absl::Duration kLong = absl::Seconds(120);

server::ServerOptions Scoring() {
  static const std::filesystem::path model = [] {
    const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "sensing_stream_model";
    std::filesystem::remove_all(root);
    return quality::WriteIndifferentModel(root);
  }();
  server::ServerOptions options = PolicyServing();
  options.sensing.model = model;
  return options;
}

v1::ScoreSensingQualityRequest From(const std::string& source) {
  v1::ScoreSensingQualityRequest request;
  request.mutable_capture()->set_source_id(source);
  request.mutable_capture()->set_captured_at_us(absl::ToUnixMicros(absl::Now()));
  // However long a loaded machine takes, it is fresh.
  request.mutable_requirements()->set_fresh_for_s(3600.0);
  return request;
}

v1::ScoreSensingQualityRequest Image(const std::string& bytes, const std::string& source = "car") {
  v1::ScoreSensingQualityRequest request = From(source);
  request.set_image(bytes);
  return request;
}

TEST(SensingStreamTest, ScoresEveryKindInOrderAndGoesOnAfterABadOne) {
  const RunningServer running(Scoring());
  client::SensingClient client(running.address());
  client::SensingStream stream = client.OpenStream(kLong, 4);
  v1::ScoreSensingQualityRequest sound = From("car");
  sound.set_audio(quality::SomeRecording(1));
  v1::ScoreSensingQualityRequest report = From("car");
  report.mutable_telemetry()->set_speed(12.0);
  ASSERT_TRUE(stream.Send(7, Image(SomeJpeg(1))).ok());
  ASSERT_TRUE(stream.Send(3, Image("no image")).ok());
  ASSERT_TRUE(stream.Send(3, sound).ok());
  ASSERT_TRUE(stream.Send(9, report).ok());
  stream.CloseSending();

  const auto image = stream.Receive();
  ASSERT_TRUE(image.ok()) << image.status();
  EXPECT_EQ(image->request_id, 7U);
  EXPECT_TRUE(image->result->has_model());
  const auto bad = stream.Receive();
  ASSERT_TRUE(bad.ok()) << bad.status();
  EXPECT_EQ(bad->request_id, 3U);
  EXPECT_EQ(bad->result.status().code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(stream.Receive()->result->has_audio());
  const auto last = stream.Receive();
  ASSERT_TRUE(last.ok()) << last.status();
  EXPECT_EQ(last->request_id, 9U);
  EXPECT_EQ(last->result->quality(), 1.0);
  EXPECT_EQ(stream.Receive().status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(stream.Receive().status().code(), StatusCode::kOutOfRange);
}

TEST(SensingStreamTest, TakesNoMoreThanItsBoundUntilAReplyIsReceived) {
  const RunningServer running(Scoring());
  client::SensingClient client(running.address());
  client::SensingStream stream = client.OpenStream(kLong, 2);
  ASSERT_TRUE(stream.Send(1, Image(SomeJpeg(1))).ok());
  ASSERT_TRUE(stream.Send(2, Image(SomeJpeg(2))).ok());
  EXPECT_EQ(stream.in_flight(), 2U);
  EXPECT_EQ(stream.Send(3, Image(SomeJpeg(3))).code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(stream.Receive()->request_id, 1U);
  EXPECT_EQ(stream.in_flight(), 1U);
  EXPECT_TRUE(stream.Send(4, Image(SomeJpeg(4))).ok());
  EXPECT_EQ(stream.Receive()->request_id, 2U);
  EXPECT_EQ(stream.Receive()->request_id, 4U);
}

TEST(SensingStreamTest, OneThreadMaySendWhileAnotherReceives) {
  const RunningServer running(Scoring());
  client::SensingClient client(running.address());
  constexpr std::uint64_t kRequests = 20;
  client::SensingStream stream = client.OpenStream(kLong, kRequests);
  std::vector<absl::Status> sent;
  std::thread sender([&] {
    for (std::uint64_t i = 0; i < kRequests; ++i) {
      sent.push_back(stream.Send(i, Image(SomeJpeg(i), "car " + std::to_string(i))));
    }
    stream.CloseSending();
  });
  for (std::uint64_t i = 0; i < kRequests; ++i) {
    const auto reply = stream.Receive();
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_EQ(reply->request_id, i);
    EXPECT_GT(reply->result->quality(), 0.0);
  }
  sender.join();
  EXPECT_THAT(sent, testing::Each(absl::OkStatus()));
  EXPECT_EQ(stream.Receive().status().code(), StatusCode::kOutOfRange);
}

// A pool in which every image waits to be let go.
class WaitingPoolTest : public testing::Test {
 protected:
  WaitingPoolTest() {
    server::ServerOptions options = Scoring();
    options.sensing.engine.scorer = [this](auto&&...) {
      entered_.count_down();
      go_on_.wait();
      return quality::SensingScore();
    };
    running_ = std::make_unique<RunningServer>(options);
  }
  ~WaitingPoolTest() override {
    if (!go_on_.try_wait()) go_on_.count_down();
  }

  std::latch entered_{1};
  std::latch go_on_{1};
  std::unique_ptr<RunningServer> running_;
};

TEST_F(WaitingPoolTest, AStreamEndsWithItsLifetime) {
  client::SensingClient client(running_->address());
  client::SensingStream stream = client.OpenStream(absl::Milliseconds(20), 1);
  const absl::Status sent = stream.Send(1, Image("image"));
  EXPECT_TRUE(sent.ok() || absl::IsUnavailable(sent)) << sent;
  EXPECT_EQ(stream.Receive().status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(stream.Receive().status().code(), StatusCode::kDeadlineExceeded);
}

TEST_F(WaitingPoolTest, MayBeAbandonedWithRepliesOutstanding) {
  client::SensingClient client(running_->address());
  {
    client::SensingStream stream = client.OpenStream(kLong, 1);
    ASSERT_TRUE(stream.Send(1, Image("image")).ok());
    entered_.wait();
  }
  go_on_.count_down();
  EXPECT_TRUE(client.ScoreSensingQuality(Image("another")).ok());
}

TEST_F(WaitingPoolTest, AServerThatDrainsAnswersWhatItIsAtAndEndsTheStream) {
  client::SensingClient client(running_->address());
  client::SensingStream stream = client.OpenStream(kLong, 2);
  ASSERT_TRUE(stream.Send(1, Image("image")).ok());
  entered_.wait();
  running_->server().RefuseCalls();
  go_on_.count_down();
  const auto reply = stream.Receive();
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->request_id, 1U);
  EXPECT_EQ(stream.Receive().status().code(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace giot::integration
