#pragma once

#include <cstddef>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/quality/image_header.h"

namespace giot::quality {

// What is decoded at all; everything else is refused before a pixel of it is.
struct DecodeLimits {
  std::size_t max_bytes = std::size_t{16} << 20;
  std::int64_t max_pixels = std::int64_t{1} << 25;  // A little more than 7680 x 4320.
  int min_side = 64;                                // Pixels; at least 64.
  int max_side = 16384;                             // Pixels.
  double max_aspect = 8.0;                          // Longer side / shorter side.
};

// More pixels than these are decoded reduced: 2048 x 1152.
inline constexpr std::int64_t kWorkingPixels = 2048 * 1152;

// The header of an image that is within the limits, without decoding it. InvalidArgument, saying
// what was got and what is wanted, else; see also ReadImageHeader.
absl::StatusOr<ImageHeader> CheckImage(std::string_view bytes, const DecodeLimits& limits = {});

// Width and height as a viewer shows the image: as stored, turned by its orientation.
cv::Size UprightSize(const ImageHeader& header);

// The least of 1, 2, 4 and 8 by which sides must be divided to leave kWorkingPixels or less, or 8.
int ReductionOf(const ImageHeader& header);

// Pixels as CV_8UC3 BGR, upright, sides divided by ReductionOf(header) (within a pixel): grey levels
// in all three channels, 16 bits cut to 8, CMYK converted, alpha ignored. `header` is CheckImage's
// for these bytes. InvalidArgument if the bytes do not decode to what the header says.
//
// Memory besides `bytes`, as measured with OpenCV 4.6: a baseline JPEG of 1920 x 1080 takes 18 MB, and so
// does one of 7680 x 4320, decoded row by row; for each stored pixel a progressive JPEG (4:2:0) takes
// 3.6 bytes, PNG 3.5, lossy WebP 4.3, lossless WebP 8.0. The default limits thus allow 268 MB.
absl::StatusOr<cv::Mat> DecodeImage(std::string_view bytes, const ImageHeader& header);

}  // namespace giot::quality
