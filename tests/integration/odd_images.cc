#include "tests/integration/odd_images.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>

namespace giot::integration {
namespace {

// 96 x 96 pixels of four inks: cyan stripes across magenta ones, quality 50.
constexpr std::string_view kCmykHex =
    "ffd8ffee000e41646f626500640000000000ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d"
    "283a333d3c3933383740485c4e404457453738506d51575f626768673e4d71797064785c656763ffc000140800600060"
    "044311004d11005911004b1100ffc400160001010100000000000000000000000000000706ffc4001410010000000000"
    "0000000000000000000000ffda000e0443004d0059004b00003f009fa7ecc31cb2008d80b2008d80b2008d80b2008d80"
    "b2008d80b2008dac80b2008d80b2008d80b2008d80b2008d80b2008d80b2008da360b2008d80b2008d80b2008d80b200"
    "8d80b2008d80b2008dac80b2008d80b2008d80b2008d80b2008d80b2008d80b2008da360b2008d80b2008d80b2008d80"
    "b2008d80b2008d80b2008dac80b2008d80b2008d80b2008d80b2008d80b2008d80b2008da360b2008d80b2008d80b200"
    "8d80b2008d80b2008d80b2008dac80b2008d80b2008d80b2008d80b2008d80b2008d80b2008da360b2008d80b2008d80"
    "b2008d80b2008d80b2008d80b2008dac80b2008d80b2008d80b2008d80b2008d80b2008d80b2008da360b2008d80b200"
    "8d80b2008d80b2008d80b2008d80b2008dac80b2008d80b2008d80b2008d80b2008d80b2008d80b200ffd9";

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string Encode(const cv::Mat& image, const std::string& extension) {
  std::vector<std::uint8_t> bytes;
  if (!cv::imencode(extension, image, bytes)) {
    std::cerr << "cannot encode " << extension << '\n';
    std::abort();
  }
  return {bytes.begin(), bytes.end()};
}

// Smoothed noise: something at every scale.
cv::Mat Texture(int width, int height, std::uint64_t seed, int type = CV_8UC3) {
  cv::Mat image(height, width, CV_8UC3);
  cv::RNG random(seed);
  random.fill(image, cv::RNG::UNIFORM, 0, 256);
  cv::Mat smooth;
  cv::GaussianBlur(image, smooth, cv::Size(), 2.0);
  image = 0.25 * image + 0.75 * smooth;
  if (CV_MAT_CN(type) == 1) cv::cvtColor(image, image, cv::COLOR_BGR2GRAY);
  cv::Mat converted;
  image.convertTo(converted, type, CV_MAT_DEPTH(type) == CV_16U ? 257.0 : 1.0);
  return converted;
}

// A JPEG that says it lies on its side: Exif orientation 6 in an APP1 segment.
std::string OnItsSide(const std::string& jpeg) {
  return jpeg.substr(0, 2) +
         FromHex(
             "ffe10022457869660000"
             "4d4d002a00000008"
             "0001"
             "011200030000000100060000"
             "00000000") +
         jpeg.substr(2);
}

// A PNG's IHDR says another size than it has, with a checksum that fits.
std::string WithSize(std::string png, std::uint32_t width, std::uint32_t height) {
  constexpr std::size_t kType = 12;
  constexpr std::size_t kWidth = 16;
  constexpr std::size_t kCheck = 29;
  const auto put = [&png](std::size_t at, std::uint32_t word) {
    for (std::size_t i = 0; i < 4; ++i) png[at + i] = static_cast<char>(word >> (24 - 8 * i));
  };
  put(kWidth, width);
  put(kWidth + 4, height);
  std::uint32_t crc = 0xffffffff;
  for (std::size_t i = kType; i < kCheck; ++i) {
    crc ^= static_cast<std::uint8_t>(png[i]);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  put(kCheck, ~crc);
  return png;
}

}  // namespace

std::string SomeJpeg(std::uint64_t seed, int width, int height) { return Encode(Texture(width, height, seed), ".jpg"); }

std::vector<NamedImage> ImagesThatAreScored() {
  const cv::Mat texture = Texture(320, 240, 1);
  return {{"jpeg", Encode(texture, ".jpg"), 320, 240},
          {"png", Encode(texture, ".png"), 320, 240},
          {"webp", Encode(texture, ".webp"), 320, 240},
          {"gray_jpeg", Encode(Texture(320, 240, 1, CV_8UC1), ".jpg"), 320, 240},
          {"gray_png", Encode(Texture(320, 240, 1, CV_8UC1), ".png"), 320, 240},
          {"sixteen_bit_png", Encode(Texture(320, 240, 1, CV_16UC3), ".png"), 320, 240},
          {"cmyk_jpeg", FromHex(kCmykHex), 96, 96},
          {"exif_rotated_jpeg", OnItsSide(Encode(texture, ".jpg")), 240, 320}};
}

std::vector<NamedImage> ImagesThatAreRefused() {
  const cv::Mat texture = Texture(320, 240, 1);
  const std::string jpeg = Encode(texture, ".jpg");
  const std::string png = Encode(texture, ".png");
  const std::string webp = Encode(texture, ".webp");
  return {{"empty", "", 0, 0},
          {"text", "this is no image at all, however long it goes on", 0, 0},
          {"zeros", std::string(10'000, '\0'), 0, 0},
          {"jpeg_magic_alone", "\xff\xd8\xff", 0, 0},
          {"truncated_jpeg", jpeg.substr(0, jpeg.size() / 2), 0, 0},
          {"truncated_png", png.substr(0, png.size() / 2), 0, 0},
          {"truncated_webp", webp.substr(0, webp.size() / 2), 0, 0},
          {"png_behind_a_jpegs_magic", "\xff\xd8\xff\xe0" + png, 0, 0},
          {"bmp", Encode(texture, ".bmp"), 0, 0},
          {"gigantic_png", WithSize(png, 60'000, 60'000), 0, 0},
          {"png_of_no_size", WithSize(png, 0, 0), 0, 0},
          {"png_that_lies_about_its_size", WithSize(png, 4096, 4096), 0, 0}};
}

}  // namespace giot::integration
