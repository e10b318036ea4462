#include "bench/quality/niqe.h"

#include <gtest/gtest.h>

#include <vector>

#include "models/camera/distortion.h"
#include "models/camera/scene.h"

namespace giot::bench {
namespace {

cv::Mat Road(std::uint64_t seed) {
  camera::SceneOptions options;
  options.seed = seed;
  options.width = 768;
  options.height = 480;
  return camera::RenderScene(options, 3.0).image;
}

TEST(Niqe, IsWorseForDistortedImages) {
  std::vector<cv::Mat> pristine;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) pristine.push_back(Road(seed));
  const absl::StatusOr<Niqe> niqe = Niqe::Fit(pristine);
  ASSERT_TRUE(niqe.ok()) << niqe.status();
  const cv::Mat clean = Road(20);
  for (const camera::Distortion distortion :
       {camera::Distortion::kGaussianBlur, camera::Distortion::kGaussianNoise, camera::Distortion::kJpeg}) {
    EXPECT_GT(niqe->Score(camera::Distort(clean, distortion, 0.9, 1)), niqe->Score(clean) + 0.5)
        << camera::NameOf(distortion);
  }
}

TEST(Niqe, WantsMoreSharpPatchesThanFeatures) {
  EXPECT_EQ(Niqe::Fit({Road(1)(cv::Rect(0, 0, 192, 192))}).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace giot::bench
