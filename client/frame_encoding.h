#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace giot::client {

// A frame, CV_8UC3, as a vehicle's camera sends it: a JPEG of quality 95. Internal if it cannot be encoded.
absl::StatusOr<std::string> EncodeFrame(const cv::Mat& frame);

// What such a JPEG, which EncodeFrame made, shows: CV_8UC3. DataLoss if it cannot be decoded any more.
absl::StatusOr<cv::Mat> DecodeFrame(std::string_view jpeg);

}  // namespace giot::client
