#include "client/own_scorer.h"

#include <opencv2/core.hpp>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "tests/server/quality/test_quality_model.h"

namespace giot::client {
namespace {

// What the image is worth hangs on how its patches are, which are noise on one side and plain on the other.
quality::QualityModel UnevenModel() {
  quality::QualityModel model = quality::IndifferentModel(0.5);
  for (quality::Dense& layer : model.ensemble.front()) layer.weights.front() = 1.0F;
  return model;
}

cv::Mat HalfNoise() {
  cv::Mat image(512, 512, CV_8UC3, cv::Scalar::all(128));
  cv::RNG random(1);
  random.fill(image(cv::Rect(0, 0, 256, 512)), cv::RNG::UNIFORM, 0, 256);
  return image;
}

double SureQuality(const quality::QualityModel& model, double allowance) {
  OwnScorer scorer(model, cv::Size(512, 512), allowance);
  const double sure = scorer.SureQuality(HalfNoise());
  EXPECT_TRUE(scorer.status().ok()) << scorer.status();
  return sure;
}

TEST(OwnScorerTest, IsSureOfTheMeanAndOfWhatTheLeastReadingAndTheAllowanceReach) {
  const quality::QualityModel model = UnevenModel();
  const double mean = SureQuality(model, 1.0);
  const double least = SureQuality(model, 0.0);
  ASSERT_LT(least + 1e-5, mean);
  const double half = 0.5 * (mean - least);
  EXPECT_NEAR(SureQuality(model, half), least + half, 1e-9);
  EXPECT_NEAR(SureQuality(model, 10.0 * half), mean, 1e-9);
}

TEST(OwnScorerTest, ANegativeAllowanceMustBeMadeUpFor) {
  const quality::QualityModel model = quality::IndifferentModel(0.8);
  EXPECT_NEAR(SureQuality(model, 0.1), 0.8, 1e-6);
  EXPECT_NEAR(SureQuality(model, -0.1), 0.7, 1e-6);
  EXPECT_EQ(SureQuality(model, -0.9), 0.0);
}

TEST(OwnScorerTest, NearWhatWasAgreedItReadsAsOftenAsEver) {
  const quality::QualityModel model = UnevenModel();
  OwnScorer scorer(model, cv::Size(512, 512), 0.0);
  const double sure = scorer.SureQuality(HalfNoise());
  EXPECT_EQ(scorer.SureQualityNear(HalfNoise(), sure), sure);
  EXPECT_GT(scorer.SureQualityNear(HalfNoise(), sure - 0.3), sure - 0.3);
  EXPECT_LT(scorer.SureQualityNear(HalfNoise(), sure + 0.3), sure + 0.3);
}

TEST(OwnScorerTest, ScoresAgainstThePixelsThatAreWanted) {
  const quality::QualityModel model = quality::IndifferentModel(0.8);
  OwnScorer scorer(model, cv::Size(1024, 1024), 0.0);
  EXPECT_NEAR(scorer.SureQuality(HalfNoise()), 0.4, 1e-6);
}

TEST(OwnScorerTest, AnImageThatIsTooSmallIsAnError) {
  const quality::QualityModel model = quality::IndifferentModel(0.8);
  OwnScorer scorer(model, cv::Size(20, 20), 0.0);
  EXPECT_EQ(scorer.SureQuality(cv::Mat(20, 20, CV_8UC3, cv::Scalar::all(0))), 0.0);
  EXPECT_EQ(scorer.status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace giot::client
