#include "client/frame_encoding.h"

#include <opencv2/core.hpp>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace giot::client {
namespace {

TEST(FrameEncodingTest, AFrameComesBackAlmostAsItWas) {
  cv::Mat frame(64, 96, CV_8UC3, cv::Scalar(10, 120, 230));
  frame(cv::Rect(16, 16, 32, 32)) = cv::Scalar(200, 100, 20);
  const auto jpeg = EncodeFrame(frame);
  ASSERT_TRUE(jpeg.ok()) << jpeg.status();
  const auto shown = DecodeFrame(*jpeg);
  ASSERT_TRUE(shown.ok()) << shown.status();
  ASSERT_EQ(shown->size(), frame.size());
  EXPECT_LT(cv::norm(*shown, frame, cv::NORM_L1) / static_cast<double>(frame.total() * 3), 3.0);
}

TEST(FrameEncodingTest, AnEmptyFrameCannotBeEncoded) {
  EXPECT_EQ(EncodeFrame(cv::Mat()).status().code(), absl::StatusCode::kInternal);
}

TEST(FrameEncodingTest, WhatIsNoJpegCannotBeDecoded) {
  EXPECT_EQ(DecodeFrame("no image").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeFrame("").status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace giot::client
