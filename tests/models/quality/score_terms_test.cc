#include "models/quality/score_terms.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace giot::quality {
namespace {

using absl::StatusCode;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(ScoreTermsTest, FreshnessFallsAfterTheAgeThatCostsNothing) {
  const Requirements requirements{.fresh_for_s = 1.0, .age_scale_s = 5.0};
  EXPECT_EQ(Freshness(0.0, requirements), 1.0);
  EXPECT_EQ(Freshness(1.0, requirements), 1.0);
  EXPECT_DOUBLE_EQ(Freshness(6.0, requirements), std::exp(-1.0));
  EXPECT_DOUBLE_EQ(Freshness(11.0, requirements), std::exp(-2.0));
  EXPECT_EQ(Freshness(1e12, requirements), 0.0);
}

TEST(ScoreTermsTest, ClocksMayBeALittleAhead) {
  EXPECT_EQ(Freshness(-5.0, {}), 1.0);
  EXPECT_EQ(Freshness(-5.1, {}), 0.0);
}

TEST(ScoreTermsTest, AgesOfAnyTimesAreFinite) {
  Capture capture;
  capture.captured_at_us = std::numeric_limits<std::int64_t>::min();
  Requirements requirements;
  requirements.received_at_us = std::numeric_limits<std::int64_t>::max();
  EXPECT_NEAR(AgeSeconds(capture, requirements), 1.8446744e13, 1e7);
  capture.captured_at_us = 2'000'000;
  requirements.received_at_us = 5'500'000;
  EXPECT_DOUBLE_EQ(AgeSeconds(capture, requirements), 3.5);
}

TEST(ScoreTermsTest, ResolutionCountsPixels) {
  const Requirements requirements{.width = 1280, .height = 720};
  EXPECT_EQ(Resolution(1920, 1080, requirements), 1.0);
  EXPECT_EQ(Resolution(720, 1280, requirements), 1.0);
  EXPECT_DOUBLE_EQ(Resolution(640, 360, requirements), 0.5);
}

TEST(ScoreTermsTest, CaptureOutOfRangeIsRefused) {
  const auto check = [](double latitude, double longitude, const std::string& digest) {
    Capture capture;
    capture.latitude = latitude;
    capture.longitude = longitude;
    capture.sha256 = digest;
    return CheckCapture(capture).code();
  };
  EXPECT_EQ(check(90.0, -180.0, ""), StatusCode::kOk);
  EXPECT_EQ(check(0.0, 0.0, std::string(32, 'x')), StatusCode::kOk);
  EXPECT_EQ(check(90.1, 0.0, ""), StatusCode::kInvalidArgument);
  EXPECT_EQ(check(0.0, 180.1, ""), StatusCode::kInvalidArgument);
  EXPECT_EQ(check(kNan, 0.0, ""), StatusCode::kInvalidArgument);
  EXPECT_EQ(check(0.0, kNan, ""), StatusCode::kInvalidArgument);
  EXPECT_EQ(check(0.0, 0.0, std::string(31, 'x')), StatusCode::kInvalidArgument);
}

TEST(ScoreTermsTest, RequirementsOutOfRangeAreRefused) {
  EXPECT_EQ(CheckRequirements({}).code(), StatusCode::kOk);
  EXPECT_EQ(CheckRequirements({.width = 0}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(CheckRequirements({.height = -1}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(CheckRequirements({.fresh_for_s = -1.0}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(CheckRequirements({.fresh_for_s = kNan}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(CheckRequirements({.age_scale_s = 0.0}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(CheckRequirements({.age_scale_s = INFINITY}).code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::quality
