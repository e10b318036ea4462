#include "models/quality/heat_map.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "gtest/gtest.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

HeatMap MapOf(const cv::Mat& image) { return MakeHeatMap(MeasureCells(BuildPyramid(image))); }

float At(const HeatMap& map, int column, int row) {
  return map.unusable[static_cast<std::size_t>(row * map.columns + column)];
}

// A map of 8 x 8 cells that are unusable inside a rectangle.
HeatMap MapWith(const cv::Rect& unusable) {
  HeatMap map{8, 8, std::vector<float>(64)};
  for (int row = unusable.y; row < unusable.br().y; ++row) {
    for (int column = unusable.x; column < unusable.br().x; ++column) {
      map.unusable[static_cast<std::size_t>(row * 8 + column)] = 1.0F;
    }
  }
  return map;
}

TEST(CellGridTest, CoversTheImageWithCellsOfBoundedNumber) {
  const auto grid_of = [](int width, int height) { return MeasureCells(BuildPyramid(Noise(1, width, height))); };
  const CellGrid large = grid_of(1280, 720);
  EXPECT_EQ(large.columns, 16);
  EXPECT_EQ(large.rows, 9);
  const CellGrid least = grid_of(64, 64);
  EXPECT_EQ(least.columns, 2);
  EXPECT_EQ(least.rows, 2);
  EXPECT_EQ(least.cells.size(), 4U);
}

TEST(CellGridTest, MeasuresCellsApart) {
  cv::Mat image(320, 320, CV_8UC3, cv::Scalar::all(50));
  image(cv::Rect(160, 0, 160, 160)).setTo(cv::Scalar::all(200));
  Noise(1, 160, 160).copyTo(image(cv::Rect(0, 160, 160, 160)));
  const CellGrid grid = MeasureCells(BuildPyramid(image));
  const auto cell = [&grid](int column, int row) {
    return grid.cells[static_cast<std::size_t>(row * grid.columns + column)];
  };
  EXPECT_EQ(cell(1, 1).brightness, 50.0);
  EXPECT_EQ(cell(1, 1).detail, 0.0);
  EXPECT_EQ(cell(8, 1).brightness, 200.0);
  EXPECT_GT(cell(1, 7).detail, 20.0);
  EXPECT_GT(cell(1, 7).structure, 10.0);
}

TEST(HeatMapTest, CoveredCornerIsUnusableAndTheRestIsNot) {
  cv::Mat image = Noise(1, 640, 360);
  image(cv::Rect(0, 240, 200, 120)).setTo(cv::Scalar::all(5));
  const HeatMap map = MapOf(image);
  EXPECT_EQ(At(map, 0, 8), 1.0F);
  EXPECT_EQ(At(map, 3, 7), 1.0F);
  EXPECT_EQ(At(map, 10, 8), 0.0F);
  EXPECT_EQ(At(map, 0, 0), 0.0F);
  EXPECT_EQ(PlaceOf(map), "lower left");
}

TEST(HeatMapTest, OutOfFocusPartIsUnusable) {
  cv::Mat image = Noise(1, 640, 360);
  cv::Mat right = image.colRange(320, 640);
  cv::GaussianBlur(right, right, cv::Size(), 3.0);
  const HeatMap map = MapOf(image);
  EXPECT_GT(At(map, 14, 4), 0.7F);
  EXPECT_EQ(At(map, 2, 4), 0.0F);
  EXPECT_EQ(PlaceOf(map), "right");
}

TEST(HeatMapTest, SkyIsUsable) {
  cv::Mat image = Noise(1, 640, 360);
  image.rowRange(0, 120).setTo(cv::Scalar(230, 200, 180));
  const HeatMap map = MapOf(image);
  EXPECT_EQ(*std::max_element(map.unusable.begin(), map.unusable.begin() + 2 * map.columns), 0.0F);
  // The same below is something in the way.
  cv::Mat turned;
  cv::flip(image, turned, 0);
  EXPECT_EQ(At(MapOf(turned), 5, 8), 1.0F);
}

TEST(HeatMapTest, ValuesAreSharesForImagesOfOneColour) {
  for (const int level : {0, 128, 255}) {
    for (const float value : MapOf(cv::Mat(64, 96, CV_8UC3, cv::Scalar::all(level))).unusable) {
      EXPECT_GE(value, 0.0F);
      EXPECT_LE(value, 1.0F);
    }
  }
}

TEST(PlaceOfTest, NamesWhereMostOfItLies) {
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(0, 0, 3, 3))), "upper left");
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(5, 0, 3, 3))), "upper right");
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(5, 5, 3, 3))), "lower right");
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(0, 0, 2, 8))), "left");
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(6, 0, 2, 8))), "right");
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(0, 0, 8, 2))), "top");
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(0, 6, 8, 2))), "bottom");
}

TEST(PlaceOfTest, SaysNothingOfWhatIsEverywhereOrNowhere) {
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(0, 0, 8, 8))), "");
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(3, 3, 2, 2))), "");
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(0, 0, 0, 0))), "");
  EXPECT_EQ(PlaceOf(MapWith(cv::Rect(0, 0, 1, 1))), "");
}

TEST(PlaceOfTest, AMiddleColumnBelongsToBothHalves) {
  HeatMap map{3, 1, {0.0F, 1.0F, 0.0F}};
  EXPECT_EQ(PlaceOf(map), "");
}

}  // namespace
}  // namespace giot::quality
