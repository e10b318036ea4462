#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "models/camera/scene.h"

namespace giot::camera {

// A rendered road of that size.
inline cv::Mat TestImage(int width, int height, std::uint64_t seed = 5) {
  return RenderScene({.seed = seed, .width = width, .height = height}, 2.0).image;
}

// Mean absolute difference of two images' levels.
inline double Difference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / (3.0 * static_cast<double>(a.total()));
}

inline bool Same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0.0;
}

}  // namespace giot::camera
