#include "models/quality/image_header.h"

#include <opencv2/imgcodecs.hpp>
#include <tuple>

#include "gtest/gtest.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

using absl::StatusCode;

void ExpectRefused(const std::string& bytes, const std::string& reason) {
  const absl::Status status = ReadImageHeader(bytes).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << reason;
  EXPECT_NE(std::string(status.message()).find(reason), std::string::npos) << status;
}

TEST(ImageHeaderTest, ReadsSizesOfEveryFormat) {
  for (const auto& [extension, format] :
       {std::pair(".jpg", ImageFormat::kJpeg), {".png", ImageFormat::kPng}, {".webp", ImageFormat::kWebp}}) {
    const auto header = ReadImageHeader(Encode(Noise(1, 123, 77), extension));
    ASSERT_TRUE(header.ok()) << extension << header.status();
    EXPECT_EQ(header->format, format);
    EXPECT_EQ(header->width, 123);
    EXPECT_EQ(header->height, 77);
    EXPECT_EQ(header->orientation, 1);
    EXPECT_EQ(header->channels, 3);
    EXPECT_EQ(header->bits, 8);
    EXPECT_FALSE(header->cmyk);
  }
}

TEST(ImageHeaderTest, ReadsOtherKindsOfPng) {
  const auto grey = ReadImageHeader(Encode(cv::Mat(70, 80, CV_8UC1, cv::Scalar(3)), ".png"));
  ASSERT_TRUE(grey.ok());
  EXPECT_EQ(grey->channels, 1);
  const auto deep = ReadImageHeader(Encode(cv::Mat(70, 80, CV_16UC3, cv::Scalar::all(300)), ".png"));
  ASSERT_TRUE(deep.ok());
  EXPECT_EQ(deep->bits, 16);
  const auto alpha = ReadImageHeader(Encode(cv::Mat(70, 80, CV_8UC4, cv::Scalar::all(3)), ".png"));
  ASSERT_TRUE(alpha.ok());
  EXPECT_EQ(alpha->channels, 4);
}

TEST(ImageHeaderTest, ReadsOtherKindsOfWebp) {
  // Without loss (VP8L), and with alpha (VP8X where lossy).
  const auto lossless = ReadImageHeader(Encode(Noise(1, 90, 70), ".webp", {cv::IMWRITE_WEBP_QUALITY, 101}));
  ASSERT_TRUE(lossless.ok()) << lossless.status();
  EXPECT_EQ(lossless->width, 90);
  EXPECT_EQ(lossless->height, 70);
  cv::Mat alpha(70, 90, CV_8UC4, cv::Scalar(1, 2, 3, 100));
  const auto with_alpha = ReadImageHeader(Encode(alpha, ".webp", {cv::IMWRITE_WEBP_QUALITY, 80}));
  ASSERT_TRUE(with_alpha.ok()) << with_alpha.status();
  EXPECT_EQ(with_alpha->width, 90);
  EXPECT_EQ(with_alpha->height, 70);
  EXPECT_EQ(with_alpha->channels, 4);
}

TEST(ImageHeaderTest, ReadsOrientationOfJpegAndPng) {
  const std::string jpeg = Encode(Noise(1, 80, 70), ".jpg");
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto header = ReadImageHeader(WithExifOrientation(jpeg, orientation));
    ASSERT_TRUE(header.ok()) << header.status();
    EXPECT_EQ(header->orientation, orientation);
  }
  EXPECT_EQ(ReadImageHeader(WithExifOrientation(jpeg, 0))->orientation, 1);
  EXPECT_EQ(ReadImageHeader(WithExifOrientation(jpeg, 9))->orientation, 1);

  // Exif of the other byte order, in a PNG.
  const std::string tiff("MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26);
  const auto png = ReadImageHeader(WithPngChunk(Encode(Noise(1, 80, 70), ".png"), "eXIf", tiff));
  ASSERT_TRUE(png.ok()) << png.status();
  EXPECT_EQ(png->orientation, 6);
}

TEST(ImageHeaderTest, ExifThatPointsOutsideIsIgnored) {
  std::string jpeg = WithExifOrientation(Encode(Noise(1, 80, 70), ".jpg"), 6);
  // The offset of the first directory, after "Exif\0\0II*\0".
  const std::size_t offset = jpeg.find("II") + 4;
  jpeg.replace(offset, 4, "\xff\xff\xff\xff");
  const auto header = ReadImageHeader(jpeg);
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_EQ(header->orientation, 1);
}

TEST(ImageHeaderTest, FlagsJpegsOfFourInks) {
  std::string jpeg = Encode(Noise(1, 80, 70), ".jpg");
  const std::size_t frame = jpeg.find("\xff\xc0");
  jpeg[frame + 9] = 4;
  const auto header = ReadImageHeader(jpeg);
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_TRUE(header->cmyk);
  EXPECT_EQ(header->channels, 4);
}

TEST(ImageHeaderTest, RefusesWhatIsNoImage) {
  ExpectRefused("", "empty");
  ExpectRefused("GIF89a and so on", "unknown format");
  ExpectRefused(std::string(1000, '\0'), "unknown format");
  ExpectRefused("RIFF\x04\0\0\0WAVE", "unknown format");
}

TEST(ImageHeaderTest, RefusesEveryTruncation) {
  for (const char* extension : {".jpg", ".png", ".webp"}) {
    const std::string whole = Encode(Noise(2, 64, 64), extension);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_EQ(ReadImageHeader(whole.substr(0, size)).status().code(), StatusCode::kInvalidArgument)
          << extension << " of " << size << " bytes";
    }
  }
  const std::string jpeg = Encode(Noise(2, 64, 64), ".jpg");
  ExpectRefused(jpeg.substr(0, jpeg.size() - 2), "truncated");
  const std::string png = Encode(Noise(2, 64, 64), ".png");
  ExpectRefused(png.substr(0, png.size() - 1), "truncated");
  const std::string webp = Encode(Noise(2, 64, 64), ".webp");
  ExpectRefused(webp.substr(0, webp.size() - 1), "truncated");
}

TEST(ImageHeaderTest, AllowsWhatFollowsTheEnd) {
  for (const char* extension : {".jpg", ".png", ".webp"}) {
    EXPECT_TRUE(ReadImageHeader(Encode(Noise(2, 64, 64), extension) + "trailer").ok()) << extension;
  }
}

TEST(ImageHeaderTest, RefusesAnimations) {
  ExpectRefused(WithPngChunk(Encode(Noise(1, 80, 70), ".png"), "acTL", std::string(8, '\1')), "animation");
  // An extended WebP whose flags say that it is animated.
  std::string chunks = "VP8X" + Little32(10) + std::string("\x02\0\0\0", 4) + std::string("\x4f\0\0\x45\0\0", 6);
  ExpectRefused("RIFF" + Little32(static_cast<std::uint32_t>(4 + chunks.size())) + "WEBP" + chunks, "animation");
  chunks = "ANIM" + Little32(6) + std::string(6, '\0');
  ExpectRefused("RIFF" + Little32(static_cast<std::uint32_t>(4 + chunks.size())) + "WEBP" + chunks, "animation");
}

TEST(ImageHeaderTest, RefusesSizesOfZero) {
  std::string jpeg = Encode(Noise(1, 80, 70), ".jpg");
  jpeg.replace(jpeg.find("\xff\xc0") + 5, 2, std::string(2, '\0'));
  ExpectRefused(jpeg, "0 pixels");
  std::string png = Encode(Noise(1, 80, 70), ".png");
  png.replace(png.find("IHDR") + 4, 4, std::string(4, '\0'));
  ExpectRefused(png, "pixels");
}

TEST(ImageHeaderTest, RefusesContradictions) {
  // A second IHDR or frame could lie about the size that was checked.
  std::string png = Encode(Noise(1, 80, 70), ".png");
  ExpectRefused(WithPngChunk(png, "IHDR", png.substr(16, 13)), "damaged");
  const std::string jpeg = Encode(Noise(1, 80, 70), ".jpg");
  const std::size_t frame = jpeg.find("\xff\xc0");
  ExpectRefused(jpeg.substr(0, frame) + jpeg.substr(frame, 19) + jpeg.substr(frame), "two frames");
  // A canvas of another size than the picture.
  const std::string webp = Encode(Noise(1, 80, 70), ".webp");
  const std::string canvas = "VP8X" + Little32(10) + std::string(4, '\0') + std::string("\x10\0\0\x10\0\0", 6);
  const std::string chunks = canvas + webp.substr(12);
  ExpectRefused("RIFF" + Little32(static_cast<std::uint32_t>(4 + chunks.size())) + "WEBP" + chunks, "canvas");
}

TEST(ImageHeaderTest, RefusesJpegsThatNobodyUses) {
  std::string jpeg = Encode(Noise(1, 80, 70), ".jpg");
  jpeg[jpeg.find("\xff\xc0") + 4] = 12;
  ExpectRefused(jpeg, "12 bits");
}

TEST(ImageHeaderTest, FormatsHaveNames) {
  EXPECT_EQ(NameOf(ImageFormat::kJpeg), "JPEG");
  EXPECT_EQ(NameOf(ImageFormat::kPng), "PNG");
  EXPECT_EQ(NameOf(ImageFormat::kWebp), "WebP");
}

}  // namespace
}  // namespace giot::quality
