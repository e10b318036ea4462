#include "client/effort.h"

#include <cmath>
#include <opencv2/core.hpp>
#include <set>

#include "gtest/gtest.h"

namespace giot::client {
namespace {

cv::Mat Texture() {
  cv::Mat image(96, 96, CV_8UC3);
  cv::RNG random(1);
  random.fill(image, cv::RNG::UNIFORM, 0, 256);
  return image;
}

// How much of the contrast is left: blur takes it away.
Measure ContrastLeft(const cv::Mat& original) {
  const auto contrast = [](const cv::Mat& image) {
    cv::Scalar mean, deviation;
    cv::meanStdDev(image, mean, deviation);
    return deviation[0] + deviation[1] + deviation[2];
  };
  return [contrast, whole = contrast(original)](const cv::Mat& image) { return contrast(image) / whole; };
}

TEST(SpendEffortTest, DeliversWhatWasPaidForAndHardlyMore) {
  const cv::Mat image = Texture();
  const Measure measure = ContrastLeft(image);
  for (const double quality : {0.3, 0.6, 0.9}) {
    const Effort effort = SpendEffort(image, camera::Distortion::kGaussianBlur, 1, quality, measure);
    EXPECT_GE(effort.quality, quality);
    EXPECT_DOUBLE_EQ(effort.quality, measure(effort.image));
    EXPECT_GT(effort.severity, 0.0);
    // One step of the search further it is no longer enough.
    const double step = std::pow(0.5, kHalvings);
    EXPECT_LT(measure(camera::Distort(image, camera::Distortion::kGaussianBlur, effort.severity + step, 1)), quality);
  }
}

TEST(SpendEffortTest, LessQualityTakesAWorseImage) {
  const cv::Mat image = Texture();
  const Measure measure = ContrastLeft(image);
  const auto severity = [&](double quality) {
    return SpendEffort(image, camera::Distortion::kGaussianBlur, 1, quality, measure).severity;
  };
  EXPECT_GT(severity(0.3), severity(0.6));
  EXPECT_GT(severity(0.6), severity(0.9));
}

TEST(SpendEffortTest, WhatIsGoodEnoughAtItsWorstIsDeliveredSo) {
  int measured = 0;
  const Measure measure = [&measured](const cv::Mat&) {
    ++measured;
    return 0.9;
  };
  const Effort effort = SpendEffort(Texture(), camera::Distortion::kGaussianBlur, 1, 0.5, measure);
  EXPECT_EQ(effort.severity, 1.0);
  EXPECT_EQ(effort.quality, 0.9);
  EXPECT_EQ(measured, 2);
}

TEST(SpendEffortTest, AnImageThatIsNotGoodEnoughIsDeliveredAsItIs) {
  const cv::Mat image = Texture();
  const Effort effort =
      SpendEffort(image, camera::Distortion::kGaussianBlur, 1, 0.9, [](const cv::Mat&) { return 0.5; });
  EXPECT_EQ(effort.severity, 0.0);
  EXPECT_EQ(cv::norm(effort.image, image, cv::NORM_INF), 0.0);
}

TEST(PickSavingTest, SeedsPickDifferentWays) {
  std::set<camera::Distortion> picked;
  for (std::uint64_t seed = 0; seed < 12; ++seed) picked.insert(PickSaving(seed));
  EXPECT_EQ(picked.size(), 6U);
}

}  // namespace
}  // namespace giot::client
