#include "models/camera/canvas.h"

#include <opencv2/core.hpp>

namespace giot::camera {
namespace {

double SignedArea(std::span<const cv::Point2f> corners) {
  double twice = 0.0;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const cv::Point2f& from = corners[i];
    const cv::Point2f& to = corners[(i + 1) % corners.size()];
    twice += static_cast<double>(from.x) * static_cast<double>(to.y) -
             static_cast<double>(to.x) * static_cast<double>(from.y);
  }
  return 0.5 * twice;
}

}  // namespace

// Heckbert 1989, "Fundamentals of Texture Mapping and Image Warping", section 2.2.3: square to quadrilateral.
QuadMap::QuadMap(const std::array<cv::Point2f, 4>& corners) {
  const cv::Point2d p0 = corners[0];
  const cv::Point2d p1 = corners[1];
  const cv::Point2d p2 = corners[2];
  const cv::Point2d p3 = corners[3];
  const cv::Point2d sum = p0 - p1 + p2 - p3;
  const cv::Point2d right = p1 - p2;
  const cv::Point2d down = p3 - p2;
  const double determinant = right.x * down.y - down.x * right.y;
  if (std::abs(determinant) < 1e-9) return;
  const double g = (sum.x * down.y - down.x * sum.y) / determinant;
  const double h = (right.x * sum.y - sum.x * right.y) / determinant;
  const cv::Matx33d forward(p1.x - p0.x + g * p1.x, p3.x - p0.x + h * p3.x, p0.x,  //
                            p1.y - p0.y + g * p1.y, p3.y - p0.y + h * p3.y, p0.y,  //
                            g, h, 1.0);
  bool invertible = false;
  inverse_ = cv::Matx33f(forward.inv(cv::DECOMP_LU, &invertible));
  valid_ = invertible;
}

ConvexOutline::ConvexOutline(std::span<const cv::Point2f> corners, float grow) {
  const double area = SignedArea(corners);
  // Seen edge on, nothing of it shows.
  if (std::abs(area) < 1e-3 || corners.size() > kMaxCorners) return;
  const float orientation = area > 0.0 ? 1.0F : -1.0F;
  cv::Point2f low = corners[0];
  cv::Point2f high = corners[0];
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const cv::Point2f& from = corners[i];
    const cv::Point2f along = corners[(i + 1) % corners.size()] - from;
    low = {std::min(low.x, from.x), std::min(low.y, from.y)};
    high = {std::max(high.x, from.x), std::max(high.y, from.y)};
    const float length = std::hypot(along.x, along.y);
    if (length < 1e-4F) continue;
    const float scale = orientation / length;
    a_[edges_] = -along.y * scale;
    b_[edges_] = along.x * scale;
    c_[edges_] = -(a_[edges_] * from.x + b_[edges_] * from.y) + 0.5F + grow;
    ++edges_;
  }
  const float margin = 1.0F + grow;
  bounds_ = cv::Rect2f(low.x - margin, low.y - margin, high.x - low.x + 2 * margin, high.y - low.y + 2 * margin);
}

cv::Rect ConvexOutline::Box(cv::Size size) const {
  if (edges_ == 0) return {};
  const auto clip = [](float value, int limit) {
    return static_cast<int>(std::clamp(value, 0.0F, static_cast<float>(limit)));
  };
  const int left = clip(std::floor(bounds_.x), size.width);
  const int top = clip(std::floor(bounds_.y), size.height);
  const int right = clip(std::ceil(bounds_.x + bounds_.width), size.width);
  const int bottom = clip(std::ceil(bounds_.y + bounds_.height), size.height);
  return {left, top, right - left, bottom - top};
}

}  // namespace giot::camera
