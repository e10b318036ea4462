#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <opencv2/core/mat.hpp>
#include <opencv2/core/matx.hpp>
#include <opencv2/core/types.hpp>
#include <span>

namespace giot::camera {

// Linear light, blue, green, red; 1 is about white paper in full daylight.
using Colour = cv::Vec3f;

// What a surface adds and how much of what lies behind it it hides: already multiplied, so that
// {light, 0} shines without hiding and {0, a} only darkens.
struct Paint {
  Colour colour;
  float cover = 1.0F;
};

inline Paint Translucent(const Colour& colour, float cover) { return {colour * cover, cover}; }

inline float Smooth(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
  return t * t * (3.0F - 2.0F * t);
}

inline Colour Mixed(const Colour& from, const Colour& to, float share) { return from + (to - from) * share; }

// Maps pixels to the unit square in which a flat, four-cornered surface is drawn, in perspective.
class QuadMap {
 public:
  // Corners for (0,0), (1,0), (1,1), (0,1).
  explicit QuadMap(const std::array<cv::Point2f, 4>& corners);
  bool valid() const { return valid_; }
  cv::Point2f operator()(float x, float y) const {
    const float w = inverse_(2, 0) * x + inverse_(2, 1) * y + inverse_(2, 2);
    return {(inverse_(0, 0) * x + inverse_(0, 1) * y + inverse_(0, 2)) / w,
            (inverse_(1, 0) * x + inverse_(1, 1) * y + inverse_(1, 2)) / w};
  }

 private:
  cv::Matx33f inverse_;
  bool valid_ = false;
};

// A convex polygon's edges as inward distances; anti-aliased over one pixel. `grow` pixels are added all
// around: half a pixel closes the seams between surfaces that meet.
class ConvexOutline {
 public:
  static constexpr std::size_t kMaxCorners = 16;
  ConvexOutline(std::span<const cv::Point2f> corners, float grow);
  // Pixels that may be touched, within `size`.
  cv::Rect Box(cv::Size size) const;
  float Coverage(float x, float y) const {
    float nearest = 1.0F;
    for (std::size_t i = 0; i < edges_; ++i) nearest = std::min(nearest, a_[i] * x + b_[i] * y + c_[i]);
    return std::max(nearest, 0.0F);
  }

 private:
  std::size_t edges_ = 0;
  std::array<float, kMaxCorners> a_{};
  std::array<float, kMaxCorners> b_{};
  std::array<float, kMaxCorners> c_{};
  cv::Rect2f bounds_;
};

inline void Lay(Colour& pixel, const Paint& paint, float coverage) {
  pixel = pixel * (1.0F - paint.cover * coverage) + paint.colour * coverage;
}

// Paints each pixel of a CV_32FC3 canvas inside the polygon with shade(x, y).
template <typename Shade>
void PaintConvex(cv::Mat& canvas, std::span<const cv::Point2f> corners, float grow, const Shade& shade) {
  const ConvexOutline outline(corners, grow);
  const cv::Rect box = outline.Box(canvas.size());
  for (int y = box.y; y < box.br().y; ++y) {
    auto* row = canvas.ptr<Colour>(y);
    for (int x = box.x; x < box.br().x; ++x) {
      const float coverage = outline.Coverage(static_cast<float>(x), static_cast<float>(y));
      if (coverage > 0.0F) Lay(row[x], shade(static_cast<float>(x), static_cast<float>(y)), coverage);
    }
  }
}

// The same for a four-cornered surface: shade(point of the unit square); what lies beyond gets the rim's.
template <typename Shade>
void PaintQuad(cv::Mat& canvas, const std::array<cv::Point2f, 4>& corners, float grow, const Shade& shade) {
  const QuadMap map(corners);
  if (!map.valid()) return;
  // At the rim of a surface seen edge on, its plane's horizon is near.
  const auto within = [](float value) { return std::max(0.0F, std::min(1.0F, value)); };
  PaintConvex(canvas, corners, grow, [&](float x, float y) {
    const cv::Point2f at = map(x, y);
    return shade(cv::Point2f(within(at.x), within(at.y)));
  });
}

}  // namespace giot::camera
