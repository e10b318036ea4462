#include "models/quality/decode.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "gtest/gtest.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

using absl::StatusCode;

cv::Mat Decoded(const std::string& bytes) {
  const auto header = CheckImage(bytes);
  EXPECT_TRUE(header.ok()) << header.status();
  if (!header.ok()) return {};
  const auto image = DecodeImage(bytes, *header);
  EXPECT_TRUE(image.ok()) << image.status();
  return image.ok() ? *image : cv::Mat();
}

double MeanDifference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

bool Same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0.0;
}

TEST(DecodeTest, GivesPixelsBack) {
  const cv::Mat road = Road(1, 160, 90);
  EXPECT_TRUE(Same(Decoded(Encode(road, ".png")), road));
  EXPECT_TRUE(Same(Decoded(Encode(road, ".webp", {cv::IMWRITE_WEBP_QUALITY, 101})), road));
  EXPECT_LT(MeanDifference(Decoded(Encode(road, ".jpg", {cv::IMWRITE_JPEG_QUALITY, 95})), road), 4.0);
  EXPECT_LT(MeanDifference(Decoded(Encode(road, ".webp", {cv::IMWRITE_WEBP_QUALITY, 95})), road), 4.0);
}

TEST(DecodeTest, GreyLevelsFillAllChannels) {
  cv::Mat grey, expected;
  cv::cvtColor(Road(1, 160, 90), grey, cv::COLOR_BGR2GRAY);
  cv::cvtColor(grey, expected, cv::COLOR_GRAY2BGR);
  EXPECT_TRUE(Same(Decoded(Encode(grey, ".png")), expected));
  EXPECT_EQ(Decoded(Encode(grey, ".jpg")).type(), CV_8UC3);
}

TEST(DecodeTest, SixteenBitsAreCutToEight) {
  const cv::Mat road = Road(1, 160, 90);
  cv::Mat deep;
  road.convertTo(deep, CV_16U, 256.0);
  EXPECT_TRUE(Same(Decoded(Encode(deep, ".png")), road));
}

TEST(DecodeTest, AlphaIsIgnored) {
  const cv::Mat road = Road(1, 160, 90);
  cv::Mat with_alpha;
  cv::cvtColor(road, with_alpha, cv::COLOR_BGR2BGRA);
  cv::Mat alpha(road.size(), CV_8UC1, cv::Scalar(77));
  cv::insertChannel(alpha, with_alpha, 3);
  EXPECT_TRUE(Same(Decoded(Encode(with_alpha, ".png")), road));
}

TEST(DecodeTest, InksBecomeColours) {
  const cv::Mat image = Decoded(CmykJpeg());
  ASSERT_EQ(image.size(), cv::Size(64, 64));
  const auto expect_near = [&image](int x, int y, const cv::Vec3b& bgr) {
    EXPECT_LE(cv::norm(image.at<cv::Vec3b>(y, x), bgr, cv::NORM_INF), 2.0) << x << ", " << y;
  };
  expect_near(10, 10, {255, 255, 255});
  expect_near(50, 10, {255, 255, 0});
  expect_near(10, 50, {0, 255, 255});
  expect_near(50, 50, {0, 0, 0});
}

TEST(DecodeTest, TurnsImagesUpright) {
  // A photograph of each orientation, stored so that turning it upright gives `road`: how to store it
  // is what the standard says of where row 0 and column 0 lie.
  const cv::Mat road = Road(1, 160, 96);
  const auto stored = [&road](int orientation) {
    cv::Mat image;
    switch (orientation) {
      case 2:
        cv::flip(road, image, 1);
        break;
      case 3:
        cv::rotate(road, image, cv::ROTATE_180);
        break;
      case 4:
        cv::flip(road, image, 0);
        break;
      case 5:
        cv::transpose(road, image);
        break;
      case 6:
        cv::rotate(road, image, cv::ROTATE_90_COUNTERCLOCKWISE);
        break;
      case 7:
        cv::rotate(road, image, cv::ROTATE_180);
        image = image.t();
        break;
      case 8:
        cv::rotate(road, image, cv::ROTATE_90_CLOCKWISE);
        break;
      default:
        image = road;
    }
    return image;
  };
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::string jpeg = Encode(stored(orientation), ".jpg", {cv::IMWRITE_JPEG_QUALITY, 95});
    const cv::Mat upright = Decoded(WithExifOrientation(jpeg, orientation));
    ASSERT_EQ(upright.size(), road.size()) << orientation;
    EXPECT_LT(MeanDifference(upright, road), 4.0) << orientation;
  }
}

TEST(DecodeTest, UprightSizeSwapsSides) {
  ImageHeader header;
  header.width = 300;
  header.height = 200;
  EXPECT_EQ(UprightSize(header), cv::Size(300, 200));
  header.orientation = 6;
  EXPECT_EQ(UprightSize(header), cv::Size(200, 300));
}

TEST(DecodeTest, LargeImagesAreDecodedReduced) {
  const cv::Mat large(1462, 2600, CV_8UC3, cv::Scalar(10, 100, 200));
  for (const char* extension : {".jpg", ".png", ".webp"}) {
    const cv::Mat decoded = Decoded(Encode(large, extension));
    EXPECT_EQ(decoded.cols, 1300) << extension;
    EXPECT_EQ(decoded.rows, 731) << extension;
  }
}

TEST(DecodeTest, ReductionIsTheLeastThatIsEnough) {
  const auto reduction = [](int width, int height) {
    ImageHeader header;
    header.width = width;
    header.height = height;
    return ReductionOf(header);
  };
  EXPECT_EQ(reduction(1920, 1080), 1);
  EXPECT_EQ(reduction(2048, 1152), 1);
  EXPECT_EQ(reduction(2049, 1152), 2);
  EXPECT_EQ(reduction(3840, 2160), 2);
  EXPECT_EQ(reduction(7680, 4320), 4);
  EXPECT_EQ(reduction(16384, 16384), 8);
}

TEST(DecodeTest, LimitsAreCheckedBeforeDecoding) {
  const std::string image = Encode(Noise(1, 200, 100), ".png");
  const auto check = [&image](const DecodeLimits& limits) { return CheckImage(image, limits).status().code(); };
  EXPECT_EQ(check({}), StatusCode::kOk);
  EXPECT_EQ(check({.max_bytes = image.size()}), StatusCode::kOk);
  EXPECT_EQ(check({.max_bytes = image.size() - 1}), StatusCode::kInvalidArgument);
  EXPECT_EQ(check({.max_pixels = 20'000}), StatusCode::kOk);
  EXPECT_EQ(check({.max_pixels = 19'999}), StatusCode::kInvalidArgument);
  EXPECT_EQ(check({.min_side = 100}), StatusCode::kOk);
  EXPECT_EQ(check({.min_side = 101}), StatusCode::kInvalidArgument);
  EXPECT_EQ(check({.max_side = 200}), StatusCode::kOk);
  EXPECT_EQ(check({.max_side = 199}), StatusCode::kInvalidArgument);
  EXPECT_EQ(check({.max_aspect = 2.0}), StatusCode::kOk);
  EXPECT_EQ(check({.max_aspect = 1.99}), StatusCode::kInvalidArgument);
}

TEST(DecodeTest, RefusesBombsByTheirHeader) {
  // A PNG of a few kilobytes that says it has 50,000 x 50,000 pixels.
  std::string png = Encode(cv::Mat(64, 64, CV_8UC3, cv::Scalar::all(0)), ".png");
  png.replace(png.find("IHDR") + 4, 8, std::string("\0\0\xc3\x50\0\0\xc3\x50", 8));
  EXPECT_EQ(CheckImage(png).status().code(), StatusCode::kInvalidArgument);
}

TEST(DecodeTest, HeadersThatLieAreRefused) {
  // The file says 128 x 64, its pixels are 64 x 64: libpng misses data, and its checksum is wrong.
  std::string png = Encode(Noise(1, 64, 64), ".png");
  png.replace(png.find("IHDR") + 4, 4, std::string("\0\0\0\x80", 4));
  const auto header = CheckImage(png);
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_EQ(DecodeImage(png, *header).status().code(), StatusCode::kInvalidArgument);
}

TEST(DecodeTest, RefusesPixelsThatDoNotDecode) {
  std::string webp = Encode(Noise(1, 64, 64), ".webp", {cv::IMWRITE_WEBP_QUALITY, 101});
  const auto header = CheckImage(webp);
  ASSERT_TRUE(header.ok()) << header.status();
  std::fill(webp.begin() + 40, webp.end(), '\xff');
  EXPECT_EQ(DecodeImage(webp, *header).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::quality
