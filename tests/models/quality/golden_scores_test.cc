// Scores of the newest released model that must stay as they are, on every thread, run and machine.
// With GIOT_UPDATE_GOLDEN=1 in the environment these tests write what they else compare with.
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "models/camera/attack.h"
#include "models/camera/distortion.h"
#include "models/camera/scene.h"
#include "models/quality/sha256.h"
#include "tests/models/quality/released_model.h"
#include "tests/models/quality/road_images.h"
#include "tests/models/quality/scratch_directory.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

using camera::Distortion;
using camera::Weather;

// Between processors, of every number.
constexpr double kTolerance = 0.005;

struct Golden {
  std::string image;  // Without spaces.
  double quality = 0.0;
  std::array<double, kFactors> factors{};
};

Golden Score(const std::string& name, const std::string& bytes) {
  const SensingScore score = ReleasedScore(bytes);
  return {name, score.quality, score.factors};
}

std::string NameOfModel() {
  const QualityModel& model = ReleasedModel();
  return model.name + "/" + std::to_string(model.version) + " " + model.digest;
}

void Write(const std::filesystem::path& path, const std::vector<Golden>& scores) {
  std::ofstream file(path);
  file << NameOfModel() << "\nimage quality";
  for (int i = 0; i < kFactors; ++i) file << ' ' << NameOf(static_cast<Factor>(i));
  file << std::fixed << std::setprecision(4) << '\n';
  for (const Golden& score : scores) {
    file << score.image << ' ' << score.quality;
    for (const double factor : score.factors) file << ' ' << factor;
    file << '\n';
  }
}

// Nothing unless it is of this very model.
std::vector<Golden> Read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, NameOfModel()) << path << ": where another model was released, write it with GIOT_UPDATE_GOLDEN=1";
  if (line != NameOfModel()) return {};
  std::getline(file, line);
  std::vector<Golden> scores;
  for (Golden score; file >> score.image >> score.quality;) {
    for (double& factor : score.factors) file >> factor;
    scores.push_back(score);
  }
  return scores;
}

void ExpectGolden(const std::string& file, const std::vector<Golden>& scores) {
  const std::filesystem::path path = std::filesystem::path(GIOT_GOLDEN_DIR) / "quality" / file;
  if (std::getenv("GIOT_UPDATE_GOLDEN") != nullptr) {
    Write(path, scores);
    GTEST_SKIP() << "wrote " << path;
  }
  const std::vector<Golden> expected = Read(path);
  ASSERT_EQ(expected.size(), scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    EXPECT_EQ(scores[i].image, expected[i].image);
    EXPECT_NEAR(scores[i].quality, expected[i].quality, kTolerance) << scores[i].image;
    for (std::size_t factor = 0; factor < kFactors; ++factor) {
      EXPECT_NEAR(scores[i].factors[factor], expected[i].factors[factor], kTolerance)
          << scores[i].image << ' ' << NameOf(static_cast<Factor>(factor));
    }
  }
}

std::string Png(const cv::Mat& image) { return Encode(image, ".png", {cv::IMWRITE_PNG_COMPRESSION, 1}); }

TEST(ReleasedModelTest, PixelsAreWorthWhatTheirFileIs) {
  const cv::Mat image = camera::Distort(RenderedRoads()[0], Distortion::kGaussianNoise, 0.3, 1);
  const std::string bytes = Png(image);
  const Digest seed_hash = Sha256("nonce", BytesOf(Sha256(bytes)));
  std::uint64_t seed = 0;
  for (int i = 7; i >= 0; --i) seed = seed << 8 | seed_hash[static_cast<std::size_t>(i)];
  EXPECT_NEAR(ReleasedQuality(image, seed), ReleasedScore(bytes).quality, 1e-9);
}

TEST(GoldenScoresTest, RenderedScenesKeepTheirScores) {
  const auto scene = [](std::uint64_t seed, Weather weather, double hour) {
    return camera::RenderScene({.seed = seed, .width = 640, .height = 360, .weather = weather, .hour = hour}, 1.0)
        .image;
  };
  const auto distorted = [&](Distortion distortion, double severity) {
    return Png(camera::Distort(scene(6, Weather::kClear, 12.0), distortion, severity, 1));
  };
  ExpectGolden(
      "rendered.txt",
      {Score("clear_noon", Png(scene(1, Weather::kClear, 12.0))),
       Score("clear_morning", Png(scene(2, Weather::kClear, 8.0))),
       Score("overcast", Png(scene(3, Weather::kOvercast, 15.0))), Score("rain", Png(scene(4, Weather::kRain, 12.0))),
       Score("fog", Png(scene(5, Weather::kFog, 12.0))), Score("night", Png(scene(6, Weather::kClear, 22.0))),
       Score("motion_blur", distorted(Distortion::kMotionBlur, 0.4)),
       Score("gaussian_noise", distorted(Distortion::kGaussianNoise, 0.5)),
       Score("jpeg", distorted(Distortion::kJpeg, 0.6)),
       Score("underexposure", distorted(Distortion::kUnderexposure, 0.6)),
       Score("haze", distorted(Distortion::kHaze, 0.5)), Score("lens_dirt", distorted(Distortion::kLensDirt, 0.5)),
       Score("sharpen_grain",
             Png(camera::ApplyAttack(scene(6, Weather::kClear, 12.0), camera::Attack::kSharpenGrain, 1.0, 1)))});
}

TEST(GoldenScoresTest, RealImagesKeepTheirScores) {
  const auto folder = RealImageFolder();
  if (!folder) GTEST_SKIP() << "GIOT_DATA, the folder with real images, is not set";
  std::vector<Golden> scores;
  for (const char* name : {"kodak/kodim05.png", "kodak/kodim08.png", "kodak/kodim20.png",
                           "udacity/udacity+CarND-LaneLines-P1/test_images/solidWhiteRight.jpg",
                           "udacity/udacity+CarND-Advanced-Lane-Lines/test_images/straight_lines1.jpg",
                           "udacity/udacity+CarND-Vehicle-Detection/test_images/test1.jpg"}) {
    const std::string bytes = ReadBytes(*folder / name);
    scores.push_back(Score(name, bytes));
    const cv::Mat image = cv::imread((*folder / name).string());
    const Distortion distortion = camera::AllDistortions()[scores.size()];
    scores.push_back(Score(std::string(name) + "+" + std::string(NameOf(distortion)),
                           Png(camera::Distort(image, distortion, 0.4, 1))));
  }
  ExpectGolden("real.txt", scores);
}

}  // namespace
}  // namespace giot::quality
