#include "models/quality/sensing_score.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/camera/distortion.h"
#include "models/quality/feature_index.h"
#include "models/quality/gmsd.h"
#include "models/quality/sha256.h"
#include "models/quality/smoothing.h"
#include "tests/models/quality/test_images.h"
#include "tests/models/quality/test_model.h"

namespace giot::quality {
namespace {

using absl::StatusCode;
using testing::Contains;
using testing::Not;

constexpr std::int64_t kNow = 1'700'000'000'000'000;

Capture FreshCapture() {
  Capture capture;
  capture.source_id = "vehicle-1";
  capture.captured_at_us = kNow;
  capture.latitude = 50.0;
  capture.longitude = 8.0;
  capture.is_signed = true;
  return capture;
}

Requirements SmallRequirements() {
  Requirements requirements;
  requirements.received_at_us = kNow;
  requirements.width = 640;
  requirements.height = 360;
  return requirements;
}

// A submission that has nothing wrong with it, of which a test changes one thing.
struct Submission {
  QualityModel model = ConstantModel(0.8, 0.99);
  std::string bytes = Encode(Road(1), ".png");
  Capture capture = FreshCapture();
  Requirements requirements = SmallRequirements();
  std::string nonce = "nonce";
  SourceHistory history;
  ScoreOptions options;

  absl::StatusOr<SensingScore> TryScore() const {
    return ScoreImage(model, bytes, capture, requirements, nonce, history, options);
  }
  SensingScore Score() const {
    auto score = TryScore();
    EXPECT_TRUE(score.ok()) << score.status();
    return score.ok() ? *std::move(score) : SensingScore();
  }
};

TEST(ScoreImageTest, AFlawlessSubmissionIsWorthWhatTheModelSays) {
  const Submission submission;
  const SensingScore score = submission.Score();
  EXPECT_NEAR(score.quality, 0.8, 1e-6);
  EXPECT_NEAR(score.quality_lower, 0.8, 1e-6);
  EXPECT_EQ(score.resolution, 1.0);
  EXPECT_EQ(score.freshness, 1.0);
  EXPECT_EQ(score.integrity, 1.0);
  EXPECT_THAT(score.flags, testing::IsEmpty());
  EXPECT_THAT(score.reasons, testing::IsEmpty());
  EXPECT_EQ(score.width, 640);
  EXPECT_EQ(score.height, 360);
  EXPECT_FALSE(score.heat_map.has_value());
  EXPECT_EQ(score.seen.sha256, Sha256(submission.bytes));
  EXPECT_EQ(score.seen.captured_at_us, kNow);
  EXPECT_EQ(score.seen.latitude, 50.0);
}

TEST(ScoreImageTest, IsTheSameOnEveryRunAndThread) {
  Submission submission;
  submission.model = RandomModel(3);
  const SensingScore expected = submission.Score();
  std::array<SensingScore, 4> scores;
  std::vector<std::thread> threads;
  for (SensingScore& score : scores) threads.emplace_back([&] { score = submission.Score(); });
  for (std::thread& thread : threads) thread.join();
  for (const SensingScore& score : scores) {
    EXPECT_EQ(score.quality, expected.quality);
    EXPECT_EQ(score.quality_lower, expected.quality_lower);
    EXPECT_EQ(score.factors, expected.factors);
    EXPECT_EQ(score.seen.perceptual_hash, expected.seen.perceptual_hash);
  }
}

TEST(ScoreImageTest, TheNonceMovesThePatches) {
  Submission submission;
  submission.model = OneFeatureModel(FeatureIndex("laplacian_p95"), 3.0F, 0.5F);
  const double one = submission.Score().quality;
  submission.nonce = "another";
  const double other = submission.Score().quality;
  EXPECT_NE(one, other);
  EXPECT_NEAR(one, other, 0.1);
}

TEST(ScoreImageTest, FollowsTheFormulaOfSmoothing) {
  // The model likes fine detail, of which smoothing leaves less: the second pass decides.
  const cv::Mat grainy = camera::Distort(Road(1), camera::Distortion::kGaussianNoise, 0.4, 1);
  Submission submission;
  submission.bytes = Encode(grainy, ".png");
  submission.model = OneFeatureModel(FeatureIndex("laplacian_p95"), 3.5F, 0.3F);
  submission.model.smoothing_allowance = 1.0;
  const double alone = submission.Score().quality;
  submission.model.smoothing_allowance = 0.03;
  const double guarded = submission.Score().quality;

  const Digest seed_hash = Sha256("nonce", BytesOf(Sha256(submission.bytes)));
  std::uint64_t seed = 0;
  for (int i = 7; i >= 0; --i) seed = seed << 8 | seed_hash[static_cast<std::size_t>(i)];
  const FeaturePair features = ComputeFeaturePair(grainy, seed);
  EXPECT_NEAR(alone, Evaluate(submission.model, features.image).usefulness, 1e-9);
  EXPECT_NEAR(guarded, Evaluate(submission.model, features.smoothed).usefulness + 0.03, 1e-9);
  EXPECT_LT(guarded, alone - 0.05);
}

TEST(ScoreImageTest, BoundsLieAMarginAroundTheCalibratedScore) {
  Submission submission;
  submission.model.calibration = {{0.0, 0.0}, {0.8, 0.5}, {0.9, 1.0}};
  submission.model.margin = 0.2;
  const SensingScore score = submission.Score();
  EXPECT_NEAR(score.quality, 0.5, 1e-5);
  EXPECT_NEAR(score.quality_lower, 0.3, 1e-5);
  EXPECT_NEAR(score.quality_upper, 0.7, 1e-5);
  submission.model.margin = 0.6;
  EXPECT_EQ(submission.Score().quality_lower, 0.0);
  EXPECT_EQ(submission.Score().quality_upper, 1.0);
}

TEST(ScoreImageTest, FreshnessAndResolutionMultiply) {
  Submission submission;
  submission.model.margin = 0.1;
  submission.capture.captured_at_us = kNow - 3'500'000;
  submission.requirements.width = 1280;
  submission.requirements.height = 720;
  const double terms = std::exp(-2.5 / 5.0) * 0.5;
  const SensingScore score = submission.Score();
  EXPECT_NEAR(score.quality, 0.8 * terms, 1e-6);
  EXPECT_NEAR(score.quality_lower, 0.7 * terms, 1e-6);
  EXPECT_NEAR(score.quality_upper, 0.9 * terms, 1e-6);
  EXPECT_THAT(score.flags, Not(Contains(Flag::kStale)));
  EXPECT_THAT(score.reasons, Contains("low resolution, 640 x 360"));
}

TEST(ScoreImageTest, OldImagesAreStale) {
  Submission submission;
  submission.capture.captured_at_us = kNow - 20'000'000;
  const SensingScore score = submission.Score();
  EXPECT_THAT(score.flags, Contains(Flag::kStale));
  EXPECT_THAT(score.reasons, Contains("20 s old on arrival"));
  EXPECT_GT(score.quality, 0.0);
}

TEST(ScoreImageTest, ImagesFromTheFutureAreWorthNothing) {
  Submission submission;
  submission.capture.captured_at_us = kNow + 60'000'000;
  const SensingScore score = submission.Score();
  EXPECT_THAT(score.flags, Contains(Flag::kStale));
  EXPECT_EQ(score.quality, 0.0);
  EXPECT_THAT(score.reasons, Contains("capture time lies 60 s ahead"));
}

TEST(ScoreImageTest, WrongDigestsAreCorruptAndNotRefused) {
  Submission submission;
  submission.capture.sha256 = std::string(BytesOf(Sha256(submission.bytes)));
  EXPECT_THAT(submission.Score().flags, testing::IsEmpty());
  submission.capture.sha256[5] = static_cast<char>(submission.capture.sha256[5] ^ 1);
  const SensingScore score = submission.Score();
  EXPECT_THAT(score.flags, Contains(Flag::kCorrupt));
  EXPECT_EQ(score.quality, 0.0);
  EXPECT_EQ(score.quality_upper, 0.0);
  EXPECT_EQ(score.integrity, 0.0);
}

TEST(ScoreImageTest, UnsignedIsOnlyAFlag) {
  Submission submission;
  submission.capture.is_signed = false;
  const SensingScore score = submission.Score();
  EXPECT_THAT(score.flags, testing::ElementsAre(Flag::kUnsigned));
  EXPECT_NEAR(score.quality, 0.8, 1e-6);
}

TEST(ScoreImageTest, SameBytesAgainAreAReplay) {
  Submission submission;
  Remember(submission.history, submission.Score().seen);
  submission.capture.captured_at_us = kNow + 4'000'000;
  submission.requirements.received_at_us = kNow + 4'000'000;
  const SensingScore score = submission.Score();
  EXPECT_THAT(score.flags, testing::ElementsAre(Flag::kReplay));
  EXPECT_EQ(score.quality, 0.0);
  EXPECT_THAT(score.reasons, testing::ElementsAre("same bytes as an image sent 4 s ago"));
}

TEST(ScoreImageTest, SamePictureInOtherBytesIsFrozenOnceThePositionMoves) {
  Submission submission;
  Remember(submission.history, submission.Score().seen);
  submission.bytes = Encode(Road(1), ".jpg", {cv::IMWRITE_JPEG_QUALITY, 90});
  submission.capture.captured_at_us = kNow + 4'000'000;
  submission.requirements.received_at_us = kNow + 4'000'000;
  EXPECT_THAT(submission.Score().flags, testing::ElementsAre(Flag::kReplaySuspect));
  EXPECT_NEAR(submission.Score().quality, 0.8, 1e-6);
  submission.capture.latitude += 0.001;
  const SensingScore score = submission.Score();
  EXPECT_THAT(score.flags, testing::ElementsAre(Flag::kFrozen));
  EXPECT_EQ(score.quality, 0.0);
  EXPECT_THAT(score.reasons, testing::ElementsAre("frame repeats one sent 4 s ago while the position moved"));
}

TEST(ScoreImageTest, HistoryIsNotChanged) {
  Submission submission;
  submission.Score();
  EXPECT_TRUE(submission.history.seen.empty());
}

TEST(ScoreImageTest, UnfamiliarImagesAreFlagged) {
  Submission submission;
  submission.model.novelty_limit = 1e-3;
  const SensingScore score = submission.Score();
  EXPECT_THAT(score.flags, testing::ElementsAre(Flag::kOutOfDistribution));
  EXPECT_NEAR(score.quality, 0.8, 1e-6);
}

TEST(ScoreImageTest, FactorsComeWithReasons) {
  Submission submission;
  submission.model = ConstantModel(0.8, 0.4);
  const SensingScore score = submission.Score();
  EXPECT_NEAR(score.factors[0], 0.4, 1e-6);
  EXPECT_EQ(score.reasons.size(), static_cast<std::size_t>(kFactors));
}

TEST(ScoreImageTest, HeatMapComesOnRequest) {
  Submission submission;
  submission.options.heat_map = true;
  const SensingScore score = submission.Score();
  ASSERT_TRUE(score.heat_map.has_value());
  EXPECT_EQ(score.heat_map->unusable.size(), static_cast<std::size_t>(score.heat_map->columns * score.heat_map->rows));
}

TEST(ScoreImageTest, AReferenceCanOnlyLower) {
  const cv::Mat road = Road(1);
  const std::string reference = Encode(road, ".png");
  Submission submission;
  submission.options.reference = reference;
  EXPECT_NEAR(submission.Score().quality, 0.8, 1e-6);
  const cv::Mat blurred = camera::Distort(road, camera::Distortion::kGaussianBlur, 0.9, 1);
  submission.bytes = Encode(blurred, ".png");
  const double usefulness = UsefulnessOfGmsd(AlignedGmsd(blurred, road));
  ASSERT_LT(usefulness, 0.7);
  const SensingScore score = submission.Score();
  EXPECT_NEAR(score.quality, usefulness, 1e-9);
  EXPECT_NEAR(score.quality_lower, usefulness, 1e-9);
  EXPECT_THAT(score.reasons, Contains("differs from the reference image"));
}

TEST(ScoreImageTest, BadReferencesAreRefused) {
  Submission submission;
  submission.options.reference = "no image";
  EXPECT_EQ(submission.TryScore().status().code(), StatusCode::kInvalidArgument);
  const std::string square = Encode(Noise(1, 300, 300), ".png");
  submission.options.reference = square;
  EXPECT_EQ(submission.TryScore().status().code(), StatusCode::kInvalidArgument);
}

TEST(ScoreImageTest, RefusesWhatIsNoImageAndMetadataOutOfRange) {
  Submission submission;
  submission.bytes = submission.bytes.substr(0, submission.bytes.size() / 2);
  EXPECT_EQ(submission.TryScore().status().code(), StatusCode::kInvalidArgument);
  submission.bytes.clear();
  EXPECT_EQ(submission.TryScore().status().code(), StatusCode::kInvalidArgument);
  submission = Submission();
  submission.capture.latitude = 91.0;
  EXPECT_EQ(submission.TryScore().status().code(), StatusCode::kInvalidArgument);
  submission = Submission();
  submission.requirements.width = 0;
  EXPECT_EQ(submission.TryScore().status().code(), StatusCode::kInvalidArgument);
}

TEST(ScoreImageTest, ScoresEveryKindOfImage) {
  const cv::Mat road = Road(1);
  cv::Mat grey, deep, alpha;
  cv::cvtColor(road, grey, cv::COLOR_BGR2GRAY);
  road.convertTo(deep, CV_16U, 256.0);
  cv::cvtColor(road, alpha, cv::COLOR_BGR2BGRA);
  Submission submission;
  for (const std::string& bytes : {Encode(grey, ".jpg"), Encode(deep, ".png"), Encode(alpha, ".png"),
                                   Encode(road, ".webp"), CmykJpeg(), WithExifOrientation(Encode(road, ".jpg"), 6)}) {
    submission.bytes = bytes;
    submission.requirements.width = submission.requirements.height = 64;
    EXPECT_NEAR(submission.Score().quality, 0.8, 1e-6);
  }
}

TEST(ScoreImageTest, SizeIsThatOfTheImageAsSeenAndAsSent) {
  Submission submission;
  submission.bytes = WithExifOrientation(Encode(Road(1), ".jpg"), 6);
  EXPECT_EQ(submission.Score().width, 360);
  EXPECT_EQ(submission.Score().height, 640);
  // Decoded at half its size, but worth its own resolution.
  cv::Mat large;
  cv::resize(Road(1), large, cv::Size(2600, 1462));
  submission.bytes = Encode(large, ".jpg");
  submission.requirements.width = 2600;
  submission.requirements.height = 1462;
  const SensingScore score = submission.Score();
  EXPECT_EQ(score.width, 2600);
  EXPECT_EQ(score.resolution, 1.0);
}

TEST(ScoreImageTest, FlagsHaveDistinctNames) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Flag::kOutOfDistribution); ++i) names.insert(NameOf(static_cast<Flag>(i)));
  EXPECT_EQ(names.size(), 7U);
}

}  // namespace
}  // namespace giot::quality
