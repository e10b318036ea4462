#include "models/quality/gmsd.h"

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "gtest/gtest.h"
#include "models/camera/distortion.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

cv::Mat Grey(const cv::Mat& image) {
  cv::Mat grey;
  cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

TEST(GmsdTest, IsZeroForTheSameImage) {
  const cv::Mat road = Grey(Road(1));
  EXPECT_EQ(Gmsd(road, road), 0.0);
  EXPECT_EQ(UsefulnessOfGmsd(0.0), 1.0);
}

TEST(GmsdTest, FollowsTheFormula) {
  // A vertical edge of 90 grey levels, present on the upper half of one image only: the gradient is 90
  // across its two columns (Prewitt / 3), so similarity there is 170 / (90^2 + 170), elsewhere 1.
  cv::Mat flat(40, 20, CV_8UC1, cv::Scalar(100));
  cv::Mat edge = flat.clone();
  edge.colRange(10, 20).setTo(190);
  const double similarity = 170.0 / (90.0 * 90.0 + 170.0);
  const double share = 2.0 / 20.0;
  const double deviation = (1.0 - similarity) * std::sqrt(share * (1.0 - share));
  EXPECT_NEAR(Gmsd(flat, edge), deviation, 1e-6);
  EXPECT_NEAR(Gmsd(edge, flat), deviation, 1e-6);
}

TEST(GmsdTest, RisesWithSeverity) {
  const cv::Mat road = Road(1);
  double last = 0.0;
  for (const double severity : {0.2, 0.5, 0.8}) {
    const double now = AlignedGmsd(camera::Distort(road, camera::Distortion::kGaussianBlur, severity, 1), road);
    EXPECT_GT(now, last);
    last = now;
  }
  EXPECT_LT(UsefulnessOfGmsd(last), 0.6);
}

TEST(GmsdTest, SmallShiftsDoNotCount) {
  const cv::Mat road = Road(1, 720, 400);
  const cv::Mat reference = road(cv::Rect(0, 0, 640, 360));
  const cv::Mat shifted = road(cv::Rect(20, 12, 640, 360));
  EXPECT_LT(AlignedGmsd(shifted, reference), 0.02);
  EXPECT_GT(Gmsd(Grey(shifted), Grey(reference)), 0.1);
}

TEST(GmsdTest, AnotherSceneIsWorthNothing) {
  EXPECT_LT(UsefulnessOfGmsd(AlignedGmsd(Noise(1, 640, 360), Road(1))), 0.2);
}

TEST(GmsdTest, ReferencesMayHaveAnotherSize) {
  const cv::Mat road = Road(1);
  cv::Mat larger;
  cv::resize(road, larger, cv::Size(1280, 720), 0, 0, cv::INTER_LINEAR);
  EXPECT_LT(AlignedGmsd(road, larger), 0.05);
}

TEST(GmsdTest, ImagesOfOneColourGiveFiniteNumbers) {
  const cv::Mat black(64, 64, CV_8UC3, cv::Scalar::all(0));
  EXPECT_EQ(AlignedGmsd(black, black), 0.0);
  EXPECT_TRUE(std::isfinite(AlignedGmsd(black, Noise(1, 64, 64))));
}

}  // namespace
}  // namespace giot::quality
