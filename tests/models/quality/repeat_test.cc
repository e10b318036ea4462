#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <set>

#include "gtest/gtest.h"
#include "models/quality/decode.h"
#include "models/quality/geodesy.h"
#include "models/quality/integrity.h"
#include "models/quality/perceptual_hash.h"
#include "models/quality/source_history.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

using Kind = RepeatFinding::Kind;

constexpr double kMetresPerDegree = 111'195.0;

// An image whose bytes nobody else has.
SeenImage Seen(std::uint8_t bytes, std::uint64_t hash, double seconds, double metres_north) {
  SeenImage image;
  image.sha256[0] = bytes;
  image.perceptual_hash = hash;
  image.captured_at_us = 1'000'000'000 + static_cast<std::int64_t>(seconds * 1e6);
  image.latitude = 50.0 + metres_north / kMetresPerDegree;
  image.longitude = 8.0;
  return image;
}

SourceHistory HistoryOf(std::initializer_list<SeenImage> images) {
  SourceHistory history;
  for (const SeenImage& image : images) Remember(history, image);
  return history;
}

TEST(SourceHistoryTest, ForgetsTheOldestWhereItIsFull) {
  SourceHistory history;
  for (int i = 0; i < 100; ++i) Remember(history, Seen(static_cast<std::uint8_t>(i), 0, i, 0));
  EXPECT_EQ(history.seen.size(), SourceHistory::kCapacity);
  EXPECT_EQ(history.seen.front().sha256[0], 36);
  EXPECT_EQ(history.seen.back().sha256[0], 99);
}

TEST(SourceHistoryTest, ShrinksWhatWasRestoredTooLarge) {
  SourceHistory history;
  history.seen.resize(500);
  Remember(history, Seen(7, 0, 0, 0));
  EXPECT_EQ(history.seen.size(), SourceHistory::kCapacity);
}

TEST(FindRepeatTest, FindsNothingAmongOthers) {
  EXPECT_EQ(FindRepeat({}, Seen(1, 0, 0, 0)).kind, Kind::kNone);
  const SourceHistory history = HistoryOf({Seen(1, 0x0fffff, 0, 0), Seen(2, 0xff00ff00, 1, 10)});
  EXPECT_EQ(FindRepeat(history, Seen(3, 0, 2, 20)).kind, Kind::kNone);
}

TEST(FindRepeatTest, SameBytesAreAReplayWhereverTheyAre) {
  const SourceHistory history = HistoryOf({Seen(1, 0, 0, 0), Seen(2, ~0ULL, 2, 20)});
  const RepeatFinding finding = FindRepeat(history, Seen(1, 0, 6, 40));
  EXPECT_EQ(finding.kind, Kind::kReplay);
  EXPECT_DOUBLE_EQ(finding.seconds_ago, 6.0);
}

TEST(FindRepeatTest, SamePictureWhileThePositionMovesIsFrozen) {
  const SourceHistory history = HistoryOf({Seen(1, 0b000, 0.0, 0), Seen(2, 0b001, 1.0, 10)});
  const RepeatFinding finding = FindRepeat(history, Seen(3, 0b011, 2.0, 20));
  EXPECT_EQ(finding.kind, Kind::kFrozen);
  EXPECT_DOUBLE_EQ(finding.seconds_ago, 2.0);
}

TEST(FindRepeatTest, FrozenTakesMoreThanASecondAndFiveMetres) {
  EXPECT_EQ(FindRepeat(HistoryOf({Seen(1, 0, 0.0, 0)}), Seen(2, 0, 1.0, 50)).kind, Kind::kSuspect);
  EXPECT_EQ(FindRepeat(HistoryOf({Seen(1, 0, 0.0, 0)}), Seen(2, 0, 1.1, 50)).kind, Kind::kFrozen);
  EXPECT_EQ(FindRepeat(HistoryOf({Seen(1, 0, 0.0, 0)}), Seen(2, 0, 60.0, 4.9)).kind, Kind::kSuspect);
  EXPECT_EQ(FindRepeat(HistoryOf({Seen(1, 0, 0.0, 0)}), Seen(2, 0, 60.0, 5.1)).kind, Kind::kFrozen);
}

TEST(FindRepeatTest, AClockThatRunsBackwardsHidesNothing) {
  EXPECT_EQ(FindRepeat(HistoryOf({Seen(1, 0, 10.0, 0)}), Seen(2, 0, 5.0, 50)).kind, Kind::kFrozen);
}

TEST(FindRepeatTest, ACameraThatStandsIsOnlySuspected) {
  SourceHistory history;
  for (int i = 0; i < 10; ++i) Remember(history, Seen(static_cast<std::uint8_t>(i), 0, i, 0));
  EXPECT_EQ(FindRepeat(history, Seen(99, 0, 10, 1)).kind, Kind::kSuspect);
}

TEST(FindRepeatTest, ASceneSeenAgainAfterOthersIsOnlySuspected) {
  const SourceHistory history = HistoryOf({Seen(1, 0, 0.0, 0), Seen(2, ~0ULL, 5.0, 50)});
  EXPECT_EQ(FindRepeat(history, Seen(3, 0, 10.0, 100)).kind, Kind::kSuspect);
}

TEST(FindRepeatTest, HashesMayDifferInTwoSigns) {
  const SourceHistory history = HistoryOf({Seen(1, 0, 0.0, 0)});
  EXPECT_EQ(FindRepeat(history, Seen(2, 0b11, 2.0, 20)).kind, Kind::kFrozen);
  EXPECT_EQ(FindRepeat(history, Seen(2, 0b111, 2.0, 20)).kind, Kind::kNone);
}

cv::Mat Grey(const cv::Mat& image) {
  cv::Mat grey;
  cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

TEST(PerceptualHashTest, SurvivesWhatAReplayMayChange) {
  const cv::Mat road = Road(1);
  const std::uint64_t hash = PerceptualHash(Grey(road));
  const std::string jpeg = Encode(road, ".jpg", {1, 60});
  EXPECT_LE(HashDistance(hash, PerceptualHash(Grey(*DecodeImage(jpeg, *CheckImage(jpeg))))), kSamePictureDistance);
  cv::Mat small, brighter;
  cv::resize(road, small, cv::Size(), 0.25, 0.25, cv::INTER_AREA);
  EXPECT_LE(HashDistance(hash, PerceptualHash(Grey(small))), kSamePictureDistance);
  road.convertTo(brighter, -1, 0.9, 5.0);
  EXPECT_LE(HashDistance(hash, PerceptualHash(Grey(brighter))), kSamePictureDistance);
}

TEST(PerceptualHashTest, TellsScenesApart) {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) hashes.push_back(PerceptualHash(Grey(Road(seed, 320, 180))));
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_GT(HashDistance(hashes[i], hashes[j]), kSamePictureDistance);
  }
}

TEST(PerceptualHashTest, SignsAreBalanced) {
  // Against the median: 32 above it, and one of the others is the median itself.
  EXPECT_EQ(HashDistance(PerceptualHash(Grey(Noise(1, 64, 64))), 0), 31);
  EXPECT_EQ(PerceptualHash(cv::Mat(64, 64, CV_8UC1, cv::Scalar(9))), 0U);
}

TEST(GeodesyTest, DistancesOnTheGlobe) {
  EXPECT_EQ(DistanceMetres(50.0, 8.0, 50.0, 8.0), 0.0);
  // A quarter of a great circle of radius 6,371,008.8 m.
  EXPECT_NEAR(DistanceMetres(0.0, 0.0, 0.0, 90.0), 10'007'557.0, 1.0);
  EXPECT_NEAR(DistanceMetres(0.0, 0.0, 0.0, 180.0), 20'015'114.0, 2.0);
  EXPECT_NEAR(DistanceMetres(60.0, 8.0, 60.0, 8.001), 55.6, 0.1);
  // Across the date line.
  EXPECT_NEAR(DistanceMetres(0.0, 179.999, 0.0, -179.999), 222.39, 0.1);
}

TEST(GeodesyTest, BearingsAreClockwiseFromNorth) {
  EXPECT_NEAR(BearingDegrees(50.0, 8.0, 50.1, 8.0), 0.0, 1e-6);
  EXPECT_NEAR(BearingDegrees(0.0, 8.0, 0.0, 8.1), 90.0, 1e-6);
  EXPECT_NEAR(BearingDegrees(50.0, 8.0, 49.9, 8.0), 180.0, 1e-6);
  EXPECT_NEAR(BearingDegrees(0.0, 8.0, 0.0, 7.9), 270.0, 1e-6);
}

}  // namespace
}  // namespace giot::quality
