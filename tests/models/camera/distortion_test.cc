#include "models/camera/distortion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <string>
#include <thread>

#include "tests/models/camera/test_image.h"

namespace giot::camera {
namespace {

class EveryDistortion : public testing::TestWithParam<Distortion> {};

TEST_P(EveryDistortion, LeavesTheImageAtSeverityZero) {
  const cv::Mat image = TestImage(320, 180);
  EXPECT_TRUE(Same(image, Distort(image, GetParam(), 0.0, 3)));
  EXPECT_TRUE(Same(image, Distort(image, GetParam(), -1.0, 3)));
  EXPECT_TRUE(Same(image, Distort(image, GetParam(), std::numeric_limits<double>::quiet_NaN(), 3)));
}

TEST_P(EveryDistortion, MovesAwayFromTheImageAsSeverityGrows) {
  const cv::Mat image = TestImage(640, 360);
  for (const std::uint64_t seed : {1, 2, 3}) {
    double before = 0.0;
    for (const double severity : {0.15, 0.3, 0.45, 0.6, 0.8, 1.0}) {
      const double difference = Difference(image, Distort(image, GetParam(), severity, seed));
      EXPECT_GT(difference, before) << "severity " << severity << ", seed " << seed;
      before = difference;
    }
  }
}

TEST_P(EveryDistortion, ShowsSlightlyAtAFifth) {
  const cv::Mat image = TestImage(640, 360);
  const double slight = Difference(image, Distort(image, GetParam(), 0.2, 1));
  EXPECT_GT(slight, 0.5);
  EXPECT_LT(slight, 0.6 * Difference(image, Distort(image, GetParam(), 1.0, 1)));
}

TEST_P(EveryDistortion, TreatsSeveritiesBeyondOneAsOne) {
  const cv::Mat image = TestImage(160, 90);
  EXPECT_TRUE(Same(Distort(image, GetParam(), 1.0, 3), Distort(image, GetParam(), 7.0, 3)));
}

TEST_P(EveryDistortion, KeepsSizeAndTypeOfOddAndSmallImages) {
  for (const cv::Size size : {cv::Size(64, 64), cv::Size(65, 97), cv::Size(301, 67), cv::Size(5, 3), cv::Size(1, 1)}) {
    cv::Mat image;
    cv::resize(TestImage(320, 180), image, size, 0, 0, cv::INTER_AREA);
    for (const double severity : {0.05, 0.5, 1.0}) {
      const cv::Mat distorted = Distort(image, GetParam(), severity, 9);
      EXPECT_EQ(distorted.size(), size);
      EXPECT_EQ(distorted.type(), CV_8UC3);
    }
  }
}

TEST_P(EveryDistortion, SeesNothingBeyondAViewIntoALargerImage) {
  const cv::Mat image = TestImage(320, 180);
  const cv::Mat view = image(cv::Rect(31, 17, 130, 90));
  EXPECT_TRUE(Same(Distort(view, GetParam(), 0.5, 2), Distort(view.clone(), GetParam(), 0.5, 2)));
}

TEST_P(EveryDistortion, GivesTheSameBytesOnEveryThread) {
  const cv::Mat image = TestImage(320, 180);
  const cv::Mat original = image.clone();
  const cv::Mat here = Distort(image, GetParam(), 0.6, 4);
  cv::Mat there;
  std::thread([&] { there = Distort(image, GetParam(), 0.6, 4); }).join();
  EXPECT_TRUE(Same(here, there));
  EXPECT_TRUE(Same(image, original)) << "the input changed";
}

INSTANTIATE_TEST_SUITE_P(Distortion, EveryDistortion, testing::ValuesIn(AllDistortions()),
                         [](const auto& test) { return std::string(NameOf(test.param)); });

TEST(Distortion, DrawsChanceFromTheSeed) {
  const cv::Mat image = TestImage(320, 180);
  for (const Distortion distortion :
       {Distortion::kMotionBlur, Distortion::kGaussianNoise, Distortion::kShotNoise, Distortion::kImpulseNoise,
        Distortion::kSpeckleNoise, Distortion::kColourCast, Distortion::kHaze, Distortion::kRain, Distortion::kLensDirt,
        Distortion::kDroplets, Distortion::kOcclusion, Distortion::kGlassBlur, Distortion::kSnow}) {
    EXPECT_FALSE(Same(Distort(image, distortion, 0.5, 1), Distort(image, distortion, 0.5, 2))) << NameOf(distortion);
  }
}

TEST(Distortion, HasANameOfItsOwnEach) {
  std::set<std::string_view> names;
  for (const Distortion distortion : AllDistortions()) names.insert(NameOf(distortion));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kDistortions));
  EXPECT_EQ(NameOf(Distortion::kLensDirt), "lens_dirt");
  EXPECT_EQ(NameOf(Distortion::kSnow), "snow");
}

// Independently of how it is done: what each family must do to simple statistics.
double LaplacianDeviation(const cv::Mat& image) {
  cv::Mat grey;
  cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
  cv::Mat laplacian;
  cv::Laplacian(grey, laplacian, CV_32F);
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(laplacian, mean, deviation);
  return deviation[0];
}

double MeanLevel(const cv::Mat& image) {
  const cv::Scalar mean = cv::mean(image);
  return (mean[0] + mean[1] + mean[2]) / 3.0;
}

TEST(Distortion, BlursLowerAndNoiseRaisesDetail) {
  const cv::Mat image = TestImage(640, 360);
  const double detail = LaplacianDeviation(image);
  for (const Distortion blur : {Distortion::kGaussianBlur, Distortion::kMotionBlur, Distortion::kDefocus,
                                Distortion::kZoomBlur, Distortion::kLowResolution, Distortion::kJpeg2000}) {
    EXPECT_LT(LaplacianDeviation(Distort(image, blur, 0.7, 1)), 0.6 * detail) << NameOf(blur);
  }
  for (const Distortion noise :
       {Distortion::kGaussianNoise, Distortion::kShotNoise, Distortion::kImpulseNoise, Distortion::kSpeckleNoise}) {
    EXPECT_GT(LaplacianDeviation(Distort(image, noise, 0.7, 1)), 2.0 * detail) << NameOf(noise);
  }
}

TEST(Distortion, ExposureMovesTheMeanAndHazeTakesContrast) {
  const cv::Mat image = TestImage(640, 360);
  EXPECT_LT(MeanLevel(Distort(image, Distortion::kUnderexposure, 1.0, 1)), 15.0);
  EXPECT_GT(MeanLevel(Distort(image, Distortion::kOverexposure, 1.0, 1)), 230.0);
  for (const Distortion veil : {Distortion::kHaze, Distortion::kLowContrast}) {
    EXPECT_LT(LaplacianDeviation(Distort(image, veil, 1.0, 1)), 0.2 * LaplacianDeviation(image)) << NameOf(veil);
  }
}

TEST(Distortion, OcclusionCoversAboutItsShare) {
  const cv::Mat white(360, 640, CV_8UC3, cv::Scalar::all(255));
  for (const double severity : {0.2, 0.5, 1.0}) {
    cv::Mat covered;
    cv::inRange(Distort(white, Distortion::kOcclusion, severity, 5), cv::Scalar::all(0), cv::Scalar::all(200), covered);
    const double share = cv::countNonZero(covered) / static_cast<double>(white.total());
    EXPECT_NEAR(share, 0.97 * std::pow(severity, 1.1), 0.05);
  }
}

TEST(RealData, PhotographsDegradeInOrder) {
  const char* data = std::getenv("GIOT_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIOT_DATA is not set";
  const std::filesystem::path sensing = std::filesystem::path(data) / "sensing";
  for (const char* name :
       {"kodak/kodim05.png", "kodak/kodim20.png", "udacity/udacity+CarND-Vehicle-Detection/test_images/test1.jpg"}) {
    const cv::Mat image = cv::imread((sensing / name).string());
    ASSERT_FALSE(image.empty()) << name;
    for (const Distortion distortion : AllDistortions()) {
      double before = 0.0;
      for (const double severity : {0.2, 0.4, 0.7, 1.0}) {
        const double difference = Difference(image, Distort(image, distortion, severity, 4));
        EXPECT_GT(difference, before) << name << ' ' << NameOf(distortion) << ' ' << severity;
        before = difference;
      }
    }
  }
}

TEST(Distortion, EmptyImagesStayEmpty) {
  EXPECT_TRUE(Distort(cv::Mat(0, 0, CV_8UC3), Distortion::kRain, 0.5, 1).empty());
}

}  // namespace
}  // namespace giot::camera
