// What changes nothing of an image's use must change little of its score by the released model.
#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "models/camera/distortion.h"
#include "tests/models/quality/released_model.h"
#include "tests/models/quality/road_images.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

using camera::Distortion;

// Quality after the change.
using Changed = std::function<double(const cv::Mat& image)>;

struct Sample {
  cv::Mat image;
  double quality = 0.0;
};

// Roads of all qualities: a clean one's score is at its upper end and hides a change.
std::vector<Sample> MakeSamples() {
  std::vector<cv::Mat> roads = RenderedRoads();
  roads.insert(roads.end(), RealRoads().begin(), RealRoads().end());
  std::vector<Sample> samples;
  const auto add = [&samples](const cv::Mat& image) { samples.push_back({image, ReleasedQuality(image)}); };
  for (const cv::Mat& road : roads) {
    add(road);
    for (const Distortion distortion :
         {Distortion::kMotionBlur, Distortion::kDefocus, Distortion::kGaussianNoise, Distortion::kJpeg,
          Distortion::kUnderexposure, Distortion::kHaze, Distortion::kLensDirt, Distortion::kLowResolution}) {
      add(camera::Distort(road, distortion, 0.3, 1));
    }
  }
  return samples;
}

// Bounds of what was measured of quality/2, mean and largest: .005 and .03 for other patches, .042 and .14 for JPEG,
// .013 and .06 for a crop, .007 and .03 for light. Close to the clean end the calibration is steep.
void ExpectLittleChange(double largest_mean, double largest_of_all, const Changed& quality_after) {
  static const auto* const kSamples = new std::vector<Sample>(MakeSamples());
  double mean = 0.0;
  double largest = 0.0;
  for (const Sample& sample : *kSamples) {
    const double change = std::abs(quality_after(sample.image) - sample.quality);
    mean += change / static_cast<double>(kSamples->size());
    largest = std::max(largest, change);
  }
  testing::Test::RecordProperty("mean", std::to_string(mean));
  testing::Test::RecordProperty("largest", std::to_string(largest));
  EXPECT_LE(mean, largest_mean);
  EXPECT_LE(largest, largest_of_all);
}

TEST(ReleasedInvarianceTest, OtherPatches) {
  ExpectLittleChange(0.01, 0.1, [](const cv::Mat& image) { return ReleasedQuality(image, 2); });
}

TEST(ReleasedInvarianceTest, EncodingAgainAtHighQuality) {
  ExpectLittleChange(0.05, 0.2, [](const cv::Mat& image) {
    const std::string jpeg = Encode(image, ".jpg", {cv::IMWRITE_JPEG_QUALITY, 95});
    return ReleasedQuality(cv::imdecode(std::vector<char>(jpeg.begin(), jpeg.end()), cv::IMREAD_COLOR));
  });
}

TEST(ReleasedInvarianceTest, ATinyCrop) {
  ExpectLittleChange(0.03, 0.2, [](const cv::Mat& image) {
    return ReleasedQuality(image(cv::Rect(3, 2, image.cols - 8, image.rows - 6)).clone());
  });
}

TEST(ReleasedInvarianceTest, TwoPercentLessLight) {
  ExpectLittleChange(0.02, 0.1, [](const cv::Mat& image) { return ReleasedQuality(image * 0.98); });
}

TEST(ReleasedInvarianceTest, TwoPercentMoreLight) {
  ExpectLittleChange(0.02, 0.1, [](const cv::Mat& image) { return ReleasedQuality(image * 1.02); });
}

}  // namespace
}  // namespace giot::quality
