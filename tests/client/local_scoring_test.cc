#include "client/local_scoring.h"

#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/quality/sha256.h"
#include "tests/server/quality/test_quality_model.h"
#include "tests/server/quality/test_recording.h"

namespace giot::client {
namespace {

using testing::Contains;
using testing::Not;

constexpr std::int64_t kNow = 1'700'000'000'000'000;
constexpr double kShare = 0.8;  // What the model thinks of every image.

std::string SomePng(int seed) {
  cv::Mat image(240, 320, CV_8UC3);
  cv::RNG random(static_cast<std::uint64_t>(seed));
  random.fill(image, cv::RNG::UNIFORM, 0, 256);
  std::vector<unsigned char> bytes;
  cv::imencode(".png", image, bytes);
  return {bytes.begin(), bytes.end()};
}

v1::ScoreSensingQualityRequest Empty() {
  v1::ScoreSensingQualityRequest request;
  request.mutable_capture()->set_captured_at_us(kNow - 2'000'000);
  request.mutable_requirements()->set_width(320);
  request.mutable_requirements()->set_height(240);
  request.mutable_requirements()->set_fresh_for_s(2.0);
  return request;
}

v1::ScoreSensingQualityRequest Image(int seed) {
  v1::ScoreSensingQualityRequest request = Empty();
  request.set_image(SomePng(seed));
  return request;
}

LocalScoring SomeScoring() {
  return {quality::IndifferentModel(kShare), [] { return kNow; }};
}

TEST(LocalScoringTest, ScoresAnImageAsAServerWould) {
  LocalScoring scoring = SomeScoring();
  v1::ScoreSensingQualityRequest request = Image(1);
  request.set_heat_map(true);
  const auto score = scoring.Finish(request);
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_NEAR(score->quality(), kShare, 1e-6);
  EXPECT_NEAR(score->quality_lower(), kShare - 0.1, 1e-6);
  EXPECT_EQ(score->factors().freshness(), 1.0);
  EXPECT_EQ(score->width(), 320);
  EXPECT_EQ(score->received_at_us(), kNow);
  EXPECT_EQ(score->model().name(), "quality");
  EXPECT_GT(score->heat_map().columns(), 0);
  EXPECT_EQ(score->data_sha256(), quality::BytesOf(quality::Sha256(request.image())));
  EXPECT_THAT(score->flags(), Contains(v1::SENSING_FLAG_UNSIGNED));
}

TEST(LocalScoringTest, IsTheSameEachTime) {
  LocalScoring first = SomeScoring();
  LocalScoring second = SomeScoring();
  const auto a = first.Finish(Image(1));
  const auto b = second.Finish(Image(1));
  EXPECT_EQ(a->SerializeAsString(), b->SerializeAsString());
}

TEST(LocalScoringTest, AnImageThatItScoredBeforeIsAReplay) {
  LocalScoring scoring = SomeScoring();
  ASSERT_TRUE(scoring.Finish(Image(1)).ok());
  EXPECT_THAT(scoring.Finish(Image(2))->flags(), Not(Contains(v1::SENSING_FLAG_REPLAY)));
  const auto again = scoring.Finish(Image(1));
  EXPECT_THAT(again->flags(), Contains(v1::SENSING_FLAG_REPLAY));
  EXPECT_EQ(again->quality(), 0.0);
}

TEST(LocalScoringTest, ScoresARecording) {
  LocalScoring scoring = SomeScoring();
  v1::ScoreSensingQualityRequest request = Empty();
  request.set_audio(quality::SomeRecording(1));
  const auto score = scoring.Finish(request);
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_EQ(score->quality(), 1.0);
  EXPECT_EQ(score->quality_lower(), 1.0);
  EXPECT_EQ(score->audio().length_s(), 1.0);
  EXPECT_EQ(score->factors().integrity(), 1.0);
}

TEST(LocalScoringTest, RefusesWhatItCannotScore) {
  LocalScoring scoring = SomeScoring();
  v1::ScoreSensingQualityRequest request = Empty();
  EXPECT_EQ(scoring.Finish(request).status().code(), absl::StatusCode::kInvalidArgument);
  request.mutable_telemetry()->set_speed(1.0);
  EXPECT_EQ(scoring.Finish(request).status().code(), absl::StatusCode::kInvalidArgument);
  request.set_image("no image");
  EXPECT_EQ(scoring.Finish(request).status().code(), absl::StatusCode::kInvalidArgument);
  request.set_audio("no sound");
  EXPECT_EQ(scoring.Finish(request).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::client
