#include "models/camera/attack.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <set>
#include <string>
#include <thread>

#include "tests/models/camera/test_image.h"

namespace giot::camera {
namespace {

class EveryAttack : public testing::TestWithParam<Attack> {};

TEST_P(EveryAttack, LeavesTheImageAtStrengthZero) {
  const cv::Mat image = TestImage(320, 180);
  EXPECT_TRUE(Same(image, ApplyAttack(image, GetParam(), 0.0, 3)));
}

TEST_P(EveryAttack, ChangesMoreTheStrongerItIs) {
  const cv::Mat image = TestImage(640, 360);
  double before = 0.0;
  for (const double strength : {0.25, 0.5, 0.75, 1.0}) {
    const double difference = Difference(image, ApplyAttack(image, GetParam(), strength, 1));
    EXPECT_GT(difference, before) << strength;
    before = difference;
  }
  EXPECT_LT(before, 60.0) << "an attack keeps the scene";
}

TEST_P(EveryAttack, KeepsSizeAndType) {
  for (const cv::Size size : {cv::Size(64, 64), cv::Size(65, 97), cv::Size(5, 3), cv::Size(1, 1)}) {
    cv::Mat image;
    cv::resize(TestImage(320, 180), image, size, 0, 0, cv::INTER_AREA);
    const cv::Mat attacked = ApplyAttack(image, GetParam(), 1.0, 9);
    EXPECT_EQ(attacked.size(), size);
    EXPECT_EQ(attacked.type(), CV_8UC3);
  }
}

TEST_P(EveryAttack, SeesNothingBeyondAViewIntoALargerImage) {
  const cv::Mat image = TestImage(320, 180);
  const cv::Mat view = image(cv::Rect(31, 17, 130, 90));
  EXPECT_TRUE(Same(ApplyAttack(view, GetParam(), 0.5, 2), ApplyAttack(view.clone(), GetParam(), 0.5, 2)));
}

TEST_P(EveryAttack, GivesTheSameBytesOnEveryThread) {
  const cv::Mat image = TestImage(320, 180);
  const cv::Mat original = image.clone();
  const cv::Mat here = ApplyAttack(image, GetParam(), 0.8, 4);
  cv::Mat there;
  std::thread([&] { there = ApplyAttack(image, GetParam(), 0.8, 4); }).join();
  EXPECT_TRUE(Same(here, there));
  EXPECT_TRUE(Same(image, original)) << "the input changed";
}

INSTANTIATE_TEST_SUITE_P(Attack, EveryAttack, testing::ValuesIn(AllAttacks()),
                         [](const auto& test) { return std::string(NameOf(test.param)); });

TEST(Attack, HasANameOfItsOwnEach) {
  std::set<std::string_view> names;
  for (const Attack attack : AllAttacks()) names.insert(NameOf(attack));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kAttacks));
  EXPECT_EQ(NameOf(Attack::kDenoiseSharpen), "denoise_sharpen");
}

TEST(Attack, GrainFollowsTheSeedAndHasItsDeviation) {
  const cv::Mat grey(256, 256, CV_8UC3, cv::Scalar::all(128));
  const cv::Mat grained = ApplyAttack(grey, Attack::kFineGrain, 1.0, 1);
  EXPECT_FALSE(Same(grained, ApplyAttack(grey, Attack::kFineGrain, 1.0, 2)));
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(grained, mean, deviation);
  EXPECT_NEAR(mean[0], 128.0, 0.3);
  EXPECT_NEAR(deviation[0], 9.0, 0.3);
}

TEST(Attack, SharpeningRaisesEdges) {
  cv::Mat step(64, 64, CV_8UC3, cv::Scalar::all(100));
  step(cv::Rect(32, 0, 32, 64)).setTo(cv::Scalar::all(150));
  const cv::Mat sharpened = ApplyAttack(step, Attack::kSharpen, 1.0, 1);
  EXPECT_LT(sharpened.at<cv::Vec3b>(32, 31)[0], 95);
  EXPECT_GT(sharpened.at<cv::Vec3b>(32, 32)[0], 155);
  EXPECT_EQ(sharpened.at<cv::Vec3b>(32, 5)[0], 100);
}

TEST(Attack, StretchingFillsTheRange) {
  cv::Mat ramp(64, 256, CV_8UC3);
  for (int x = 0; x < ramp.cols; ++x) ramp.col(x).setTo(cv::Scalar::all(80 + x / 4));
  double low = 0.0;
  double high = 0.0;
  cv::minMaxLoc(ApplyAttack(ramp, Attack::kContrastStretch, 1.0, 1).reshape(1), &low, &high);
  EXPECT_EQ(low, 0.0);
  EXPECT_EQ(high, 255.0);
}

}  // namespace
}  // namespace giot::camera
