#include "models/quality/features.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "models/camera/distortion.h"
#include "models/quality/decode.h"
#include "models/quality/feature_index.h"
#include "models/quality/smoothing.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

float Feature(const cv::Mat& image, const std::string& name) { return ComputeFeatures(image, 1)[FeatureIndex(name)]; }

void ExpectFinite(const Features& features) {
  for (std::size_t i = 0; i < features.size(); ++i) {
    EXPECT_TRUE(std::isfinite(features[i])) << FeatureNames()[i] << " is " << features[i];
  }
}

void ExpectPairFinite(const cv::Mat& image) {
  const FeaturePair pair = ComputeFeaturePair(image, 7);
  ExpectFinite(pair.image);
  ExpectFinite(pair.smoothed);
}

// Root mean square of feature changes, in units of how much features vary between distorted roads.
class Yardstick {
 public:
  Yardstick() {
    std::vector<Features> all;
    for (std::uint64_t scene = 1; scene <= 2; ++scene) {
      const cv::Mat road = Road(scene);
      all.push_back(ComputeFeatures(road, 0));
      for (const camera::Distortion kind : camera::AllDistortions()) {
        all.push_back(ComputeFeatures(camera::Distort(road, kind, 0.5, scene), 0));
      }
    }
    for (std::size_t i = 0; i < kFeatures; ++i) {
      double sum = 0.0;
      double square = 0.0;
      for (const Features& features : all) {
        sum += static_cast<double>(features[i]);
        square += static_cast<double>(features[i]) * static_cast<double>(features[i]);
      }
      const double mean = sum / static_cast<double>(all.size());
      deviation_[i] = std::sqrt(std::max(1e-6, square / static_cast<double>(all.size()) - mean * mean));
    }
  }

  double Change(const cv::Mat& from, const cv::Mat& to, std::uint64_t to_seed = 0) const {
    const Features a = ComputeFeatures(from, 0);
    const Features b = ComputeFeatures(to, to_seed);
    double square = 0.0;
    for (std::size_t i = 0; i < kFeatures; ++i) {
      const double step = static_cast<double>(a[i] - b[i]) / deviation_[i];
      square += step * step / kFeatures;
    }
    return std::sqrt(square);
  }

 private:
  std::array<double, kFeatures> deviation_{};
};

const Yardstick& SharedYardstick() {
  static const Yardstick yardstick;
  return yardstick;
}

TEST(FeaturesTest, NamesAreDistinctAndNotEmpty) {
  std::set<std::string_view> names(FeatureNames().begin(), FeatureNames().end());
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kFeatures));
  EXPECT_FALSE(names.contains(""));
}

TEST(FeaturesTest, AreFiniteForImagesOfOneColour) {
  for (const int level : {0, 1, 128, 255}) {
    ExpectPairFinite(cv::Mat(64, 64, CV_8UC3, cv::Scalar::all(level)));
    ExpectPairFinite(cv::Mat(300, 500, CV_8UC3, cv::Scalar(level, 0, 255 - level)));
  }
}

TEST(FeaturesTest, AreFiniteForNoiseOfEverySize) {
  for (const auto& [width, height] : {std::pair(64, 64), {65, 97}, {64, 512}, {512, 64}, {191, 100}, {700, 500}}) {
    ExpectPairFinite(Noise(3, width, height));
  }
}

TEST(FeaturesTest, AreFiniteForStripesAndSinglePixels) {
  cv::Mat stripes(128, 128, CV_8UC3, cv::Scalar::all(0));
  for (int x = 0; x < stripes.cols; x += 2) stripes.col(x).setTo(cv::Scalar::all(255));
  ExpectPairFinite(stripes);
  cv::Mat dot(128, 128, CV_8UC3, cv::Scalar::all(0));
  dot.at<cv::Vec3b>(64, 64) = {255, 255, 255};
  ExpectPairFinite(dot);
}

TEST(FeaturesTest, AreTheSameOnEveryRunAndThread) {
  const cv::Mat road = Road(1);
  const Features expected = ComputeFeatures(road, 5);
  std::array<Features, 4> found{};
  std::vector<std::thread> threads;
  for (Features& features : found) threads.emplace_back([&] { features = ComputeFeatures(road, 5); });
  for (std::thread& thread : threads) thread.join();
  for (const Features& features : found) EXPECT_EQ(features, expected);
}

TEST(FeaturesTest, DoNotDependOnHowRowsLieInMemory) {
  const cv::Mat road = Road(1);
  cv::Mat framed;
  cv::copyMakeBorder(road, framed, 3, 3, 5, 5, cv::BORDER_CONSTANT, cv::Scalar(9, 99, 199));
  EXPECT_EQ(ComputeFeatures(framed(cv::Rect(5, 3, road.cols, road.rows)), 1), ComputeFeatures(road, 1));
}

TEST(FeaturesTest, SeedMovesPatchesAndLittleElse) {
  const cv::Mat road = Road(1);
  EXPECT_NE(ComputeFeatures(road, 1), ComputeFeatures(road, 2));
  EXPECT_LT(SharedYardstick().Change(road, road, 2), 0.2);
}

TEST(FeaturesTest, HardlyChangeWithWhatDoesNotMatter) {
  const cv::Mat road = Road(1);
  const std::string jpeg = Encode(road, ".jpg", {1, 98});
  const cv::Mat again = *DecodeImage(jpeg, *CheckImage(jpeg));
  EXPECT_LT(SharedYardstick().Change(road, again), 0.5);
  EXPECT_LT(SharedYardstick().Change(road, road(cv::Rect(4, 4, road.cols - 8, road.rows - 8))), 0.2);
  cv::Mat brighter;
  road.convertTo(brighter, -1, 1.02, 0.0);
  EXPECT_LT(SharedYardstick().Change(road, brighter), 0.2);
}

TEST(FeaturesTest, ChangeWithEveryDistortion) {
  const cv::Mat road = Road(1);
  for (const camera::Distortion kind : camera::AllDistortions()) {
    EXPECT_GT(SharedYardstick().Change(road, camera::Distort(road, kind, 0.7, 1)), 0.5) << camera::NameOf(kind);
  }
}

TEST(FeaturesTest, DetailFallsWithBlur) {
  const cv::Mat road = Road(2);
  float last = Feature(road, "energy");
  for (const double severity : {0.3, 0.6, 0.9}) {
    const float now = Feature(camera::Distort(road, camera::Distortion::kGaussianBlur, severity, 1), "energy");
    EXPECT_LT(now, last);
    last = now;
  }
}

TEST(FeaturesTest, NoiseOfFlatPlacesIsMeasuredInGreyLevels) {
  cv::Mat flat(360, 640, CV_8UC3, cv::Scalar::all(128));
  cv::Mat noise(flat.size(), CV_16SC1);
  cv::RNG random(1);
  random.fill(noise, cv::RNG::NORMAL, 0.0, 6.0);
  cv::Mat grey(flat.size(), CV_16SC1, cv::Scalar::all(128));
  grey += noise;
  cv::Mat noisy_grey, noisy;
  grey.convertTo(noisy_grey, CV_8U);
  cv::cvtColor(noisy_grey, noisy, cv::COLOR_GRAY2BGR);
  EXPECT_NEAR(std::exp(Feature(noisy, "noise_p25")) - 0.05, 6.0, 1.0);
}

TEST(FeaturesTest, HorizontalMotionLeavesDetailInOneDirection) {
  const cv::Mat noise = Noise(1, 640, 360);
  cv::Mat moved;
  cv::blur(noise, moved, cv::Size(15, 1));
  EXPECT_NEAR(Feature(noise, "direction_across"), 0.0F, 0.05F);
  EXPECT_LT(Feature(moved, "direction_across"), -1.0F);
  EXPECT_GT(Feature(moved, "direction_spread"), 1.0F);
}

TEST(FeaturesTest, BlocksOfEightShowAtAnyOffset) {
  const cv::Mat road = Road(3);
  cv::Mat blocks = road.clone();
  for (int y = 0; y < road.rows; y += 8) {
    for (int x = 0; x < road.cols; x += 8) {
      cv::Mat block = blocks(cv::Rect(x, y, std::min(8, road.cols - x), std::min(8, road.rows - y)));
      block.setTo(cv::mean(block));
    }
  }
  EXPECT_LT(Feature(road, "blockiness"), 0.3F);
  EXPECT_GT(Feature(blocks, "blockiness"), 2.0F);
  EXPECT_GT(Feature(blocks(cv::Rect(3, 5, road.cols - 3, road.rows - 5)), "blockiness"), 2.0F);
}

TEST(FeaturesTest, LightAndClippingAreSharesOfTheRange) {
  cv::Mat halves(256, 256, CV_8UC3, cv::Scalar::all(0));
  halves.rowRange(128, 256).setTo(cv::Scalar::all(255));
  EXPECT_NEAR(Feature(halves, "black_share"), 0.5F, 0.01F);
  EXPECT_NEAR(Feature(halves, "white_share"), 0.5F, 0.01F);
  EXPECT_NEAR(Feature(halves, "entropy"), 1.0F, 0.01F);
  const cv::Mat grey(256, 256, CV_8UC3, cv::Scalar::all(64));
  EXPECT_NEAR(Feature(grey, "luma_p50"), 0.25F, 0.005F);
  EXPECT_NEAR(Feature(grey, "colourfulness"), 0.0F, 1e-6F);
}

TEST(FeaturesTest, HazeLiftsTheDarkChannel) {
  const cv::Mat road = Road(1);
  const cv::Mat hazy = camera::Distort(road, camera::Distortion::kHaze, 0.6, 1);
  EXPECT_GT(Feature(hazy, "dark_channel_p10"), Feature(road, "dark_channel_p10") + 0.2F);
}

TEST(FeaturesTest, CoveredPartsCountAsFlatAndDark) {
  cv::Mat covered = Noise(2, 640, 360);
  covered.colRange(0, 180).setTo(cv::Scalar::all(10));
  // Four whole cells of sixteen.
  EXPECT_EQ(Feature(covered, "flat_dark_cells"), 0.25F);
}

TEST(FeaturesTest, SmoothedOnesAreThoseOfTheSmoothedImage) {
  const cv::Mat road = camera::Distort(Road(1), camera::Distortion::kGaussianNoise, 0.3, 1);
  const FeaturePair pair = ComputeFeaturePair(road, 3);
  EXPECT_EQ(pair.image, ComputeFeatures(road, 3));
  cv::Mat smoothed;
  cv::GaussianBlur(road, smoothed, cv::Size(5, 5), 1.0);
  const Features wanted = ComputeFeatures(smoothed, 3);
  for (const char* name : {"mscn_shape", "right_shape", "energy", "laplacian_p95", "noise_p25", "half_mscn_variance"}) {
    const std::size_t i = FeatureIndex(name);
    EXPECT_NEAR(pair.smoothed[i], wanted[i], 0.25F * std::abs(wanted[i] - pair.image[i]) + 0.02F) << name;
  }
}

}  // namespace
}  // namespace giot::quality
