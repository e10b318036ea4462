#include "client/heat_map_image.h"

#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace giot::client {
namespace {

std::string GrayPng(int width, int height) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".png", cv::Mat(height, width, CV_8UC3, cv::Scalar(100, 100, 100)), bytes);
  return {bytes.begin(), bytes.end()};
}

v1::SensingHeatMap Map(int columns, int rows, const std::vector<float>& unusable) {
  v1::SensingHeatMap map;
  map.set_columns(columns);
  map.set_rows(rows);
  map.mutable_unusable()->Assign(unusable.begin(), unusable.end());
  return map;
}

TEST(DrawHeatMapTest, ReddensUnusableCellsAndNothingElse) {
  const auto png = DrawHeatMap(GrayPng(101, 60), Map(2, 2, {0.0F, 1.0F, 0.5F, 0.0F}));
  ASSERT_TRUE(png.ok()) << png.status();
  const cv::Mat drawn = cv::imdecode(std::vector<std::uint8_t>(png->begin(), png->end()), cv::IMREAD_COLOR);
  ASSERT_EQ(drawn.cols, 101);
  ASSERT_EQ(drawn.rows, 60);
  const cv::Vec3b gray(100, 100, 100);
  EXPECT_EQ(drawn.at<cv::Vec3b>(29, 49), gray);
  EXPECT_EQ(drawn.at<cv::Vec3b>(59, 100), gray);
  // 60 % of red over 40 % of the image, and half as much of it: 146.5, which may be rounded either way.
  EXPECT_EQ(drawn.at<cv::Vec3b>(29, 50), cv::Vec3b(40, 40, 193));
  EXPECT_NEAR(drawn.at<cv::Vec3b>(30, 49)[2], 146.5, 0.5);
  EXPECT_EQ(drawn.at<cv::Vec3b>(30, 49)[0], 70);
}

TEST(DrawHeatMapTest, MoreCellsThanPixelsAreDrawn) {
  EXPECT_TRUE(DrawHeatMap(GrayPng(4, 3), Map(10, 10, std::vector<float>(100, 1.0F))).ok());
}

TEST(DrawHeatMapTest, RefusesAMapThatDoesNotFitItself) {
  EXPECT_EQ(DrawHeatMap(GrayPng(4, 3), Map(2, 2, {0.0F})).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DrawHeatMap(GrayPng(4, 3), Map(0, 0, {})).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DrawHeatMap(GrayPng(4, 3), Map(-1, -1, {0.0F})).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(DrawHeatMapTest, RefusesWhatIsNoImage) {
  EXPECT_EQ(DrawHeatMap("no image", Map(1, 1, {0.0F})).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DrawHeatMap("", Map(1, 1, {0.0F})).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::client
