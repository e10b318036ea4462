#include "models/quality/decode.h"

#include <algorithm>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "absl/strings/str_cat.h"

namespace giot::quality {
namespace {

absl::Status Refuse(absl::string_view field, const absl::AlphaNum& got, const absl::AlphaNum& want) {
  return absl::InvalidArgumentError(absl::StrCat("image: ", field, ": got ", got, ", want ", want));
}

absl::Status CheckSize(const ImageHeader& header, const DecodeLimits& limits) {
  const auto [shorter, longer] = std::minmax(header.width, header.height);
  if (shorter < limits.min_side) {
    return Refuse("shorter side", absl::StrCat(shorter, " pixels"), absl::StrCat("at least ", limits.min_side));
  }
  if (longer > limits.max_side) {
    return Refuse("longer side", absl::StrCat(longer, " pixels"), absl::StrCat("at most ", limits.max_side));
  }
  const std::int64_t pixels = std::int64_t{shorter} * longer;
  if (pixels > limits.max_pixels) return Refuse("pixels", pixels, absl::StrCat("at most ", limits.max_pixels));
  if (longer > limits.max_aspect * shorter) {
    return Refuse("sides", absl::StrCat(header.width, " x ", header.height),
                  absl::StrCat("an aspect of at most ", limits.max_aspect));
  }
  return absl::OkStatus();
}

int ReadMode(int reduction) {
  switch (reduction) {
    case 1:
      return cv::IMREAD_COLOR;
    case 2:
      return cv::IMREAD_REDUCED_COLOR_2;
    case 4:
      return cv::IMREAD_REDUCED_COLOR_4;
    default:
      return cv::IMREAD_REDUCED_COLOR_8;
  }
}

// Decoders round reduced sides up or down.
bool IsReduced(int got, int stored, int reduction) {
  return got == stored / reduction || got == (stored + reduction - 1) / reduction;
}

// Turns pixels as stored upright (Exif 2.3, tag 0x0112).
cv::Mat TurnUpright(const cv::Mat& stored, int orientation) {
  cv::Mat turned = stored;
  if (orientation >= 5) cv::transpose(stored, turned);
  // What then remains is to mirror about a vertical axis, a horizontal one, or both.
  constexpr int kNone = 2;
  constexpr std::array<int, 9> kFlips = {kNone, kNone, 1, -1, 0, kNone, 1, -1, 0};
  const int flip = kFlips[static_cast<std::size_t>(orientation)];
  if (flip == kNone) return turned;
  cv::Mat upright;
  cv::flip(turned, upright, flip);
  return upright;
}

absl::StatusOr<cv::Mat> Decode(std::string_view bytes, const ImageHeader& header) {
  const int reduction = ReductionOf(header);
  // OpenCV reads from this matrix only.
  const cv::Mat encoded(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<char*>(bytes.data()));
  const cv::Mat stored = cv::imdecode(encoded, ReadMode(reduction) | cv::IMREAD_IGNORE_ORIENTATION);
  if (stored.empty()) return absl::InvalidArgumentError("image: damaged, does not decode");
  if (!IsReduced(stored.cols, header.width, reduction) || !IsReduced(stored.rows, header.height, reduction)) {
    return Refuse("decoded size", absl::StrCat(stored.cols, " x ", stored.rows),
                  absl::StrCat(header.width, " x ", header.height, " / ", reduction));
  }
  return TurnUpright(stored, header.orientation);
}

}  // namespace

absl::StatusOr<ImageHeader> CheckImage(std::string_view bytes, const DecodeLimits& limits) {
  if (bytes.size() > limits.max_bytes) {
    return Refuse("size", absl::StrCat(bytes.size(), " bytes"), absl::StrCat("at most ", limits.max_bytes));
  }
  absl::StatusOr<ImageHeader> header = ReadImageHeader(bytes);
  if (!header.ok()) return header;
  if (absl::Status status = CheckSize(*header, limits); !status.ok()) return status;
  return header;
}

cv::Size UprightSize(const ImageHeader& header) {
  return header.orientation >= 5 ? cv::Size(header.height, header.width) : cv::Size(header.width, header.height);
}

int ReductionOf(const ImageHeader& header) {
  const std::int64_t pixels = std::int64_t{header.width} * header.height;
  int reduction = 1;
  while (reduction < 8 && pixels > kWorkingPixels * reduction * reduction) reduction *= 2;
  return reduction;
}

absl::StatusOr<cv::Mat> DecodeImage(std::string_view bytes, const ImageHeader& header) {
  try {
    return Decode(bytes, header);
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("image: damaged, does not decode: ", error.what()));
  }
}

}  // namespace giot::quality
