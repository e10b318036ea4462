#include "trainer/quality/usefulness_parts.h"

#include <gtest/gtest.h>

#include <cstddef>

#include "models/camera/distortion.h"
#include "models/camera/scene.h"

namespace giot::trainer {
namespace {

using camera::Distortion;

const cv::Mat& Road() {
  static const cv::Mat* const road = [] {
    camera::SceneOptions options;
    options.seed = 11;
    options.width = 640;
    options.height = 360;
    return new cv::Mat(camera::RenderScene(options, 4.0).image);
  }();
  return *road;
}

double At(const Parts& parts, Part part) { return parts[static_cast<std::size_t>(part)]; }

TEST(CleanImage, KeepsEverythingOfItself) {
  for (const double part : CleanImage(Road()).Compare(Road())) EXPECT_NEAR(part, 1.0, 1e-6);
}

TEST(CleanImage, KeepsLessTheWorseTheDistortion) {
  const CleanImage clean(Road());
  for (const Distortion distortion : {Distortion::kGaussianBlur, Distortion::kGaussianNoise, Distortion::kHaze}) {
    Parts before = clean.Compare(Road());
    for (const double severity : {0.3, 0.6, 1.0}) {
      const Parts parts = clean.Compare(camera::Distort(Road(), distortion, severity, 5));
      for (const Part part : {Part::kGradients, Part::kStructure, Part::kInformation, Part::kCoarse}) {
        EXPECT_LE(At(parts, part), At(before, part)) << camera::NameOf(distortion) << severity << NameOf(part);
      }
      before = parts;
    }
    EXPECT_LT(At(before, Part::kInformation), 0.4) << camera::NameOf(distortion);
  }
}

TEST(CleanImage, SeesCoarseStructureWhateverGainAndOffset) {
  const cv::Mat dim = Road() * 0.7;
  const Parts brighter = CleanImage(dim).Compare(dim + cv::Scalar::all(40));
  EXPECT_GT(At(brighter, Part::kCoarse), 0.999);
  EXPECT_LT(At(brighter, Part::kStructure), 0.95);
  // Less contrast comes closer to the grey levels that count as noise.
  const Parts flatter = CleanImage(Road()).Compare(Road() * 0.6);
  EXPECT_GT(At(flatter, Part::kCoarse), 0.9);
  EXPECT_LT(At(flatter, Part::kStructure), At(flatter, Part::kCoarse));
}

TEST(CleanImage, SeesColourAlone) {
  const CleanImage clean(Road());
  const Parts parts = clean.Compare(camera::Distort(Road(), Distortion::kColourCast, 0.5, 3));
  EXPECT_LT(At(parts, Part::kColour), 0.5);
  EXPECT_GT(At(parts, Part::kCoarse), 0.9);
}

TEST(CleanImage, ComparesImagesWithoutAnyStructure) {
  const cv::Mat flat(128, 128, CV_8UC3, cv::Scalar::all(90));
  for (const double part : CleanImage(flat).Compare(flat)) EXPECT_NEAR(part, 1.0, 1e-6);
  const Parts parts = CleanImage(Road()).Compare(cv::Mat(Road().size(), CV_8UC3, cv::Scalar::all(90)));
  EXPECT_LT(At(parts, Part::kCoarse), 0.05);
  EXPECT_LT(At(parts, Part::kKeypoints), 0.05);
}

}  // namespace
}  // namespace giot::trainer
