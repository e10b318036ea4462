// What cheap tricks gain with the released model beyond what they earn.
#include <algorithm>
#include <array>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "models/camera/attack.h"
#include "models/camera/distortion.h"
#include "models/quality/gmsd.h"
#include "tests/models/quality/released_model.h"
#include "tests/models/quality/road_images.h"

namespace giot::quality {
namespace {

using camera::Distortion;

// Unearned gains, in the mean over images. Of quality/2 no attack had any, the best of all gained .02 and no image
// gained noticeably; BRISQUE's fine grain gains .295.
constexpr double kMostMean = 0.02;
constexpr double kMostMeanOfGrain = 0.015;  // A twentieth of BRISQUE's.
constexpr double kMostBest = 0.06;
// Of one image.
constexpr double kNoticeable = 0.15;
constexpr double kMostNoticeable = 0.15;

struct Gains {
  std::array<double, camera::kAttacks> means{};  // By attack.
  double best = 0.0;                             // Mean of the largest for each image.
  double noticeable = 0.0;                       // Share of images whose largest is above kNoticeable.
};

// What a road is worth, and what is left of the gradients that it had when it was clean.
struct Worth {
  double quality = 0.0;
  double usefulness = 0.0;
};

Worth WorthOf(const cv::Mat& image, const cv::Mat& clean) {
  return {ReleasedQuality(image), UsefulnessOfGmsd(AlignedGmsd(image, clean))};
}

// What quality rises by, less the rise, if any, of usefulness.
double UnearnedGain(const Worth& after, const Worth& before) {
  return after.quality - before.quality - std::max(0.0, after.usefulness - before.usefulness);
}

std::vector<cv::Mat> BasesOf(const cv::Mat& road) {
  std::vector<cv::Mat> bases = {road};
  for (const Distortion distortion : {Distortion::kGaussianBlur, Distortion::kGaussianNoise, Distortion::kJpeg,
                                      Distortion::kHaze, Distortion::kLowResolution}) {
    bases.push_back(camera::Distort(road, distortion, 0.4, 1));
  }
  return bases;
}

// By attack, of one image.
std::array<double, camera::kAttacks> GainsOn(const cv::Mat& image, const cv::Mat& clean) {
  const Worth before = WorthOf(image, clean);
  std::array<double, camera::kAttacks> gains{};
  for (std::size_t i = 0; i < gains.size(); ++i) {
    gains[i] = UnearnedGain(WorthOf(camera::ApplyAttack(image, camera::AllAttacks()[i], 1.0, i), clean), before);
  }
  return gains;
}

Gains MeasureGains(const std::vector<cv::Mat>& roads) {
  Gains gains;
  double images = 0.0;
  for (const cv::Mat& road : roads) {
    for (const cv::Mat& base : BasesOf(road)) {
      const auto of_image = GainsOn(base, road);
      for (std::size_t i = 0; i < camera::kAttacks; ++i) gains.means[i] += of_image[i];
      const double best = std::max(0.0, *std::max_element(of_image.begin(), of_image.end()));
      gains.best += best;
      gains.noticeable += best > kNoticeable ? 1.0 : 0.0;
      images += 1.0;
    }
  }
  for (double& mean : gains.means) mean /= images;
  return {gains.means, gains.best / images, gains.noticeable / images};
}

void ExpectLittleGain(const std::vector<cv::Mat>& roads) {
  const Gains gains = MeasureGains(roads);
  for (std::size_t i = 0; i < camera::kAttacks; ++i) {
    const std::string name(NameOf(camera::AllAttacks()[i]));
    testing::Test::RecordProperty(name, std::to_string(gains.means[i]));
    EXPECT_LE(gains.means[i], kMostMean) << name;
  }
  testing::Test::RecordProperty("best", std::to_string(gains.best));
  testing::Test::RecordProperty("noticeable", std::to_string(gains.noticeable));
  EXPECT_LE(gains.means[static_cast<std::size_t>(camera::Attack::kFineGrain)], kMostMeanOfGrain);
  EXPECT_LE(gains.best, kMostBest);
  EXPECT_LE(gains.noticeable, kMostNoticeable);
}

TEST(ReleasedAttackTest, TricksGainLittle) { ExpectLittleGain(RenderedRoads()); }

TEST(ReleasedAttackTest, TricksGainLittleOnRealRoads) {
  if (RealRoads().empty()) GTEST_SKIP() << "GIOT_DATA, the folder with real images, is not set";
  ExpectLittleGain(RealRoads());
}

}  // namespace
}  // namespace giot::quality
