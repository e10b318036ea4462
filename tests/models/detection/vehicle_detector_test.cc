#include "models/detection/vehicle_detector.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <vector>

#include "models/camera/distortion.h"

namespace giot::detection {
namespace {

using Boxes = std::vector<cv::Rect2d>;

TEST(IntersectionOverUnion, IsSharedOfTotalArea) {
  EXPECT_DOUBLE_EQ(IntersectionOverUnion({0, 0, 2, 2}, {0, 0, 2, 2}), 1.0);
  EXPECT_DOUBLE_EQ(IntersectionOverUnion({0, 0, 2, 2}, {1, 0, 2, 2}), 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(IntersectionOverUnion({0, 0, 1, 1}, {2, 2, 1, 1}), 0.0);
  EXPECT_DOUBLE_EQ(IntersectionOverUnion({0, 0, 0, 0}, {0, 0, 0, 0}), 0.0);
}

TEST(MatchF1, CountsFindsAtTheirPlaces) {
  const Boxes expected = {{0, 0, 2, 2}, {10, 0, 2, 2}};
  EXPECT_EQ(MatchF1(expected, expected), 1.0);
  EXPECT_EQ(MatchF1({}, expected), 0.0);
  EXPECT_EQ(MatchF1(Boxes{{0, 0, 2, 2}}, expected), 2.0 / 3.0);          // One of two found.
  EXPECT_EQ(MatchF1(Boxes{{0, 0, 2, 2}, {5, 5, 2, 2}}, expected), 0.5);  // And one that is not there.
  EXPECT_EQ(MatchF1(Boxes{{1, 0, 2, 2}}, expected), 0.0);                // Overlaps by a third only.
}

TEST(MatchF1, MatchesEveryVehicleOnce) {
  const Boxes expected = {{0, 0, 2, 2}};
  EXPECT_EQ(MatchF1(Boxes{{0, 0, 2, 2}, {0, 0, 2, 2}}, expected), 2.0 / 3.0);
}

TEST(MatchF1, SaysNothingWhereNothingIsExpected) { EXPECT_EQ(MatchF1(Boxes{{0, 0, 1, 1}}, {}), std::nullopt); }

TEST(VehicleDetector, NamesTheFileThatIsMissing) {
  EXPECT_EQ(VehicleDetector::Load("/no/such/file.onnx").status().code(), absl::StatusCode::kNotFound);
}

TEST(VehicleDetector, FindsTheCarsOfARoadImage) {
  const char* const data = std::getenv("GIOT_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIOT_DATA, the folder with detector and images, is not set";
  absl::StatusOr<VehicleDetector> detector =
      VehicleDetector::Load(std::filesystem::path(data) / "detector/FastestDet.onnx");
  ASSERT_TRUE(detector.ok()) << detector.status();
  const cv::Mat image =
      cv::imread(std::filesystem::path(data) / "sensing/udacity/udacity+CarND-Vehicle-Detection/test_images/test1.jpg");
  ASSERT_FALSE(image.empty());
  const Boxes finds = detector->Find(image);
  ASSERT_EQ(finds.size(), 2U);  // A white and a black car on the right.
  for (const cv::Rect2d& box : finds) EXPECT_GT(box.x + box.width / 2, 0.5);
  EXPECT_EQ(MatchF1(detector->Find(camera::Distort(image, camera::Distortion::kHaze, 1.0, 1)), finds), 0.0);
}

}  // namespace
}  // namespace giot::detection
