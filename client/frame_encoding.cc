#include "client/frame_encoding.h"

#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace giot::client {
namespace {

constexpr int kJpegQuality = 95;

}  // namespace

absl::StatusOr<std::string> EncodeFrame(const cv::Mat& frame) {
  try {
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", frame, bytes, {cv::IMWRITE_JPEG_QUALITY, kJpegQuality});
    return std::string(bytes.begin(), bytes.end());
  } catch (const cv::Exception& error) {
    return absl::InternalError(absl::StrCat("cannot encode a frame: ", error.what()));
  }
}

absl::StatusOr<cv::Mat> DecodeFrame(std::string_view jpeg) {
  cv::Mat frame;
  try {
    frame = cv::imdecode(std::vector<std::uint8_t>(jpeg.begin(), jpeg.end()), cv::IMREAD_COLOR);
  } catch (const cv::Exception& error) {
    return absl::DataLossError(absl::StrCat("cannot decode a frame: ", error.what()));
  }
  if (frame.empty()) return absl::DataLossError(absl::StrCat("cannot decode a frame of ", jpeg.size(), " bytes"));
  return frame;
}

}  // namespace giot::client
