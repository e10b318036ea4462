#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

namespace giot::quality {

// A rendered road.
cv::Mat Road(std::uint64_t seed, int width = 640, int height = 360);

// Every channel of every pixel uniform in 0..255, CV_8UC3.
cv::Mat Noise(std::uint64_t seed, int width, int height);

// The file that cv::imencode makes, extension with its dot.
std::string Encode(const cv::Mat& image, const std::string& extension, const std::vector<int>& parameters = {});

// A JPEG of 64 x 64 pixels in four inks, inverted as Adobe has it: quarters without ink, in cyan,
// in yellow and in black, row by row.
std::string CmykJpeg();

// `bytes` of a JPEG with an Exif segment that states the orientation.
std::string WithExifOrientation(const std::string& jpeg, int orientation);

// The PNG with a chunk put in before its first IDAT, with its checksum.
std::string WithPngChunk(const std::string& png, const std::string& type, const std::string& data);

// What a little-endian file has for an integer.
std::string Little16(std::uint32_t value);
std::string Little32(std::uint32_t value);

}  // namespace giot::quality
