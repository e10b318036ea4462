#include "tests/models/quality/test_images.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string_view>

#include "models/camera/scene.h"

namespace giot::quality {
namespace {

std::string Big32(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
  return bytes;
}

// CRC-32 as PNG has it, bit by bit.
std::uint32_t Crc32(const std::string& bytes) {
  std::uint32_t crc = 0xffffffffU;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

}  // namespace

cv::Mat Road(std::uint64_t seed, int width, int height) {
  camera::SceneOptions options;
  options.seed = seed;
  options.width = width;
  options.height = height;
  return camera::RenderScene(options, 1.0).image;
}

cv::Mat Noise(std::uint64_t seed, int width, int height) {
  cv::Mat image(height, width, CV_8UC3);
  cv::RNG random(seed);
  random.fill(image, cv::RNG::UNIFORM, 0, 256);
  return image;
}

std::string Encode(const cv::Mat& image, const std::string& extension, const std::vector<int>& parameters) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(extension, image, bytes, parameters);
  return {bytes.begin(), bytes.end()};
}

std::string CmykJpeg() {
  static constexpr std::string_view kHex =
      "ffd8ffee000e41646f626500640000000000ffdb00430001010101010101010101010101010101010101010101010101"
      "010101010101010101010101010101010101010101010101010101010101010101010101010101ffc000140800400040"
      "044311004d11005911004b1100ffc400160001010100000000000000000000000000000b0affc4001410010000000000"
      "0000000000000000000000ffda000e0443004d0059004b00003f00dfc37f0dfc37f000000080380000000bfc00000000"
      "80380000000bfc0000000080380000000bfc0000000080380000000bfc080380000000bfc200e0000000803aff000000"
      "0000bfc200e0000000803aff0000000000bfc200e0000000803aff0000000000bfc200e000000fffd9";
  std::string bytes;
  for (std::size_t i = 0; i < kHex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(kHex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string WithExifOrientation(const std::string& jpeg, int orientation) {
  const std::string tiff = std::string("II") + Little16(42) + Little32(8) + Little16(1) + Little16(0x0112) +
                           Little16(3) + Little32(1) + Little32(static_cast<std::uint32_t>(orientation)) + Little32(0);
  const std::string payload = std::string("Exif\0\0", 6) + tiff;
  const std::size_t length = payload.size() + 2;
  const std::string marker = {'\xff', '\xe1', static_cast<char>(length >> 8), static_cast<char>(length)};
  return jpeg.substr(0, 2) + marker + payload + jpeg.substr(2);
}

std::string WithPngChunk(const std::string& png, const std::string& type, const std::string& data) {
  const std::size_t place = png.find("IDAT") - 4;
  const std::string chunk = Big32(static_cast<std::uint32_t>(data.size())) + type + data + Big32(Crc32(type + data));
  return png.substr(0, place) + chunk + png.substr(place);
}

std::string Little16(std::uint32_t value) { return {static_cast<char>(value), static_cast<char>(value >> 8)}; }

std::string Little32(std::uint32_t value) { return Little16(value) + Little16(value >> 16); }

}  // namespace giot::quality
