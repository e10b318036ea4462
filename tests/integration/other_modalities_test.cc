// Recordings and reports of motion over loopback.
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "giot/v1/sensing_quality.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "models/quality/audio.h"
#include "models/quality/sha256.h"
#include "models/quality/telemetry.h"
#include "tests/integration/odd_images.h"
#include "tests/integration/running_server.h"
#include "tests/server/quality/test_quality_model.h"
#include "tests/server/quality/test_recording.h"

namespace giot::integration {
namespace {

using grpc::StatusCode;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kNow = 1'700'000'000'000'000;
constexpr double kMetresADegree = 111'194.9;

class OtherModalitiesTest : public testing::Test {
 protected:
  OtherModalitiesTest() {
    const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "other_modalities_model";
    std::filesystem::remove_all(root);
    server::ServerOptions options = PolicyServing();
    options.sensing.model = quality::WriteIndifferentModel(root);
    options.sensing.engine.now_us = [] { return kNow; };
    running_ = std::make_unique<RunningServer>(options);
    stub_ = v1::SensingQualityService::NewStub(
        grpc::CreateChannel(running_->address(), grpc::InsecureChannelCredentials()));
  }

  grpc::Status Score(const v1::ScoreSensingQualityRequest& request, v1::SensingQualityScore& score) {
    grpc::ClientContext context;
    return stub_->ScoreSensingQuality(&context, request, &score);
  }

  v1::SensingQualityScore ScoreOk(const v1::ScoreSensingQualityRequest& request) {
    v1::SensingQualityScore score;
    const grpc::Status status = Score(request, score);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return score;
  }

  std::unique_ptr<RunningServer> running_;
  std::unique_ptr<v1::SensingQualityService::Stub> stub_;
};

v1::ScoreSensingQualityRequest Sound(const std::string& bytes) {
  v1::ScoreSensingQualityRequest request;
  request.mutable_capture()->set_source_id("car");
  request.mutable_capture()->set_captured_at_us(kNow);
  request.set_audio(bytes);
  return request;
}

// A vehicle that drives north at 10 m/s, so many seconds before now.
v1::ScoreSensingQualityRequest Report(double seconds_ago) {
  v1::ScoreSensingQualityRequest request;
  v1::Capture& capture = *request.mutable_capture();
  capture.set_source_id("car");
  capture.set_captured_at_us(kNow - std::llround(seconds_ago * 1e6));
  capture.set_latitude(47.5 - 10.0 * seconds_ago / kMetresADegree);
  capture.set_longitude(19.0);
  request.mutable_telemetry()->set_speed(10.0);
  request.mutable_telemetry()->set_heading(0.0);
  return request;
}

TEST_F(OtherModalitiesTest, ARecordingIsScoredByWhatWasMeasured) {
  const std::string sound = quality::SomeRecording(1);
  const v1::SensingQualityScore score = ScoreOk(Sound(sound));
  quality::Capture capture;
  capture.captured_at_us = kNow;
  quality::Requirements requirements;
  requirements.received_at_us = kNow;
  const auto expected = quality::ScoreAudio(sound, capture, requirements);
  ASSERT_TRUE(expected.ok()) << expected.status();
  EXPECT_EQ(score.quality(), expected->quality);
  EXPECT_EQ(score.quality_lower(), expected->quality);
  EXPECT_EQ(score.quality_upper(), expected->quality);
  EXPECT_EQ(score.audio().clarity(), expected->clarity);
  EXPECT_EQ(score.audio().clipping(), expected->clipping);
  EXPECT_EQ(score.audio().liveliness(), expected->liveliness);
  EXPECT_EQ(score.audio().width(), expected->width);
  EXPECT_EQ(score.audio().signal_to_noise(), expected->signal_to_noise);
  EXPECT_EQ(score.audio().bandwidth(), expected->bandwidth);
  EXPECT_EQ(score.audio().active_share(), expected->active_share);
  EXPECT_EQ(score.audio().clipped_share(), expected->clipped_share);
  EXPECT_EQ(score.audio().length_s(), 1.0);
  EXPECT_EQ(score.factors().integrity(), 1.0);
  EXPECT_EQ(score.factors().resolution(), 1.0);
  EXPECT_EQ(score.data_sha256(), quality::BytesOf(quality::Sha256(sound)));
  EXPECT_FALSE(score.has_model());
  EXPECT_FALSE(score.has_telemetry());
  EXPECT_TRUE(score.nonce().empty());
  EXPECT_EQ(score.nonce_commitment().size(), 32U);
}

TEST_F(OtherModalitiesTest, ARecordingAgainIsAReplayUnlessTheCallIsRepeated) {
  v1::ScoreSensingQualityRequest request = Sound(quality::SomeRecording(1));
  request.set_submission_id("1");
  EXPECT_GT(ScoreOk(request).quality(), 0.0);
  const v1::SensingQualityScore repeated = ScoreOk(request);
  EXPECT_TRUE(repeated.repeated());
  EXPECT_GT(repeated.quality(), 0.0);
  request.set_submission_id("2");
  const v1::SensingQualityScore replay = ScoreOk(request);
  EXPECT_THAT(replay.flags(), Contains(v1::SENSING_FLAG_REPLAY));
  EXPECT_EQ(replay.quality(), 0.0);
}

TEST_F(OtherModalitiesTest, ARecordingThatIsOldOrCorruptSaysSo) {
  v1::ScoreSensingQualityRequest request = Sound(quality::SomeRecording(1));
  request.mutable_capture()->set_captured_at_us(kNow - 6'000'000);
  const v1::SensingQualityScore old = ScoreOk(request);
  EXPECT_NEAR(old.factors().freshness(), std::exp(-1.0), 1e-12);
  EXPECT_THAT(old.flags(), Contains(v1::SENSING_FLAG_STALE));
  request = Sound(quality::SomeRecording(2));
  request.mutable_capture()->set_sha256(std::string(32, 'x'));
  const v1::SensingQualityScore corrupt = ScoreOk(request);
  EXPECT_THAT(corrupt.flags(), Contains(v1::SENSING_FLAG_CORRUPT));
  EXPECT_EQ(corrupt.quality(), 0.0);
}

TEST_F(OtherModalitiesTest, WhatIsNoRecordingIsRefusedWithTheReason) {
  const std::string good = quality::SomeRecording(1);
  const std::string short_one = good.substr(0, good.size() / 2);
  for (const std::string& bytes : {std::string(), std::string("no sound"), SomeJpeg(1), short_one}) {
    v1::SensingQualityScore score;
    const grpc::Status status = Score(Sound(bytes), score);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(status.error_message(), HasSubstr("audio: "));
  }
}

TEST_F(OtherModalitiesTest, AReportIsPlausibleOrNot) {
  const v1::SensingQualityScore first = ScoreOk(Report(2.0));
  EXPECT_NEAR(first.quality(), std::exp(-0.2), 1e-12);  // A second older than what is fresh.
  EXPECT_EQ(first.quality_lower(), first.quality());
  const v1::SensingQualityScore second = ScoreOk(Report(1.0));
  EXPECT_EQ(second.quality(), 1.0);
  EXPECT_EQ(second.telemetry().speed(), 1.0);
  EXPECT_EQ(second.telemetry().acceleration(), 1.0);
  EXPECT_EQ(second.telemetry().displacement(), 1.0);
  EXPECT_EQ(second.telemetry().direction(), 1.0);
  EXPECT_EQ(second.telemetry().order(), 1.0);
  EXPECT_FALSE(second.has_model());
  v1::ScoreSensingQualityRequest jump = Report(0.0);
  jump.mutable_capture()->set_latitude(47.6);
  const v1::SensingQualityScore third = ScoreOk(jump);
  EXPECT_EQ(third.quality(), 0.0);
  EXPECT_EQ(third.telemetry().displacement(), 0.0);
  EXPECT_FALSE(third.reasons().empty());
}

TEST_F(OtherModalitiesTest, AReportAgainIsAReplay) {
  EXPECT_GT(ScoreOk(Report(1.0)).quality(), 0.0);
  const v1::SensingQualityScore again = ScoreOk(Report(1.0));
  EXPECT_THAT(again.flags(), Contains(v1::SENSING_FLAG_REPLAY));
  EXPECT_EQ(again.quality(), 0.0);
  EXPECT_THAT(ScoreOk(Report(0.0)).flags(), Not(Contains(v1::SENSING_FLAG_REPLAY)));
}

TEST_F(OtherModalitiesTest, ImagesAreNotSeenThroughReportsBetweenThem) {
  const std::string image = SomeJpeg(1);
  v1::ScoreSensingQualityRequest request = Sound("");
  request.set_image(image);
  EXPECT_GT(ScoreOk(request).quality(), 0.0);
  EXPECT_GT(ScoreOk(Report(1.0)).quality(), 0.0);
  EXPECT_THAT(ScoreOk(request).flags(), Contains(v1::SENSING_FLAG_REPLAY));
}

TEST_F(OtherModalitiesTest, BadFieldsAreNamed) {
  v1::SensingQualityScore score;
  v1::ScoreSensingQualityRequest fast = Report(0.0);
  fast.mutable_telemetry()->set_speed(1001.0);
  EXPECT_THAT(Score(fast, score).error_message(), HasSubstr("telemetry.speed: got 1001, want"));
  v1::ScoreSensingQualityRequest with_map = Report(0.0);
  with_map.set_heat_map(true);
  EXPECT_THAT(Score(with_map, score).error_message(), HasSubstr("heat_map: got true, want"));
}

}  // namespace
}  // namespace giot::integration
