#include "models/camera/field.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "models/camera/random.h"

namespace giot::camera {
namespace {

cv::Mat Lattice(int rows, int columns, std::uint64_t seed) {
  cv::Mat lattice(rows, columns, CV_32F);
  for (int y = 0; y < rows; ++y) {
    Random random(Derive(seed, static_cast<std::uint64_t>(y)));
    float* row = lattice.ptr<float>(y);
    for (int x = 0; x < columns; ++x) row[x] = static_cast<float>(random.Uniform(-1.0, 1.0));
  }
  return lattice;
}

// `source_at(row)` yields what alpha mixes in at a row: a pointer and its step, 0 for one colour.
template <typename Source>
cv::Mat BlendRows(const cv::Mat& image, const cv::Mat& alpha, int step, const Source& source_at) {
  cv::Mat blended(image.size(), CV_8UC3);
  for (int y = 0; y < image.rows; ++y) {
    const uchar* below = image.ptr<uchar>(y);
    const uchar* above = source_at(y);
    const float* weight = alpha.ptr<float>(y);
    uchar* out = blended.ptr<uchar>(y);
    for (int x = 0; x < image.cols; ++x, below += 3, above += step, out += 3) {
      for (int c = 0; c < 3; ++c) {
        const auto base = static_cast<float>(below[c]);
        out[c] = static_cast<uchar>(base + (static_cast<float>(above[c]) - base) * weight[x] + 0.5F);
      }
    }
  }
  return blended;
}

}  // namespace

cv::Mat ValueNoise(cv::Size size, double cell, int octaves, double gain, std::uint64_t seed) {
  cv::Mat sum = cv::Mat::zeros(size, CV_32F);
  double strength = 1.0;
  double power = 0.0;
  for (int octave = 0; octave < octaves; ++octave, cell *= 0.5, strength *= gain) {
    const std::uint64_t octave_seed = Derive(seed, static_cast<std::uint64_t>(octave));
    const double spacing = std::max(cell, 1.0);
    const int rows = std::max(2, static_cast<int>(std::ceil(size.height / spacing)) + 1);
    const int columns = std::max(2, static_cast<int>(std::ceil(size.width / spacing)) + 1);
    cv::Mat layer;
    cv::resize(Lattice(rows, columns, octave_seed), layer, size, 0, 0, cv::INTER_CUBIC);
    cv::scaleAdd(layer, strength, sum, sum);
    power += strength * strength;
    if (cell <= 1.0) break;
  }
  return sum / std::sqrt(power);
}

float Quantile(const cv::Mat& field, double share) {
  std::vector<float> values;
  values.reserve(field.total());
  for (int y = 0; y < field.rows; ++y) {
    const float* row = field.ptr<float>(y);
    values.insert(values.end(), row, row + field.cols);
  }
  const double last = static_cast<double>(values.size() - 1);
  const auto index = static_cast<std::ptrdiff_t>(std::clamp(share, 0.0, 1.0) * last);
  std::nth_element(values.begin(), values.begin() + index, values.end());
  return values[static_cast<std::size_t>(index)];
}

cv::Mat SoftThreshold(const cv::Mat& field, float threshold, float softness) {
  cv::Mat soft(field.size(), CV_32F);
  const float scale = 0.5F / softness;
  for (int y = 0; y < field.rows; ++y) {
    const float* in = field.ptr<float>(y);
    float* out = soft.ptr<float>(y);
    for (int x = 0; x < field.cols; ++x) {
      const float t = std::clamp((in[x] - threshold) * scale + 0.5F, 0.0F, 1.0F);
      out[x] = t * t * (3.0F - 2.0F * t);
    }
  }
  return soft;
}

cv::Mat Blend(const cv::Mat& image, const cv::Mat& overlay, const cv::Mat& alpha) {
  return BlendRows(image, alpha, 3, [&overlay](int y) { return overlay.ptr<uchar>(y); });
}

cv::Mat Blend(const cv::Mat& image, const cv::Scalar& colour, const cv::Mat& alpha) {
  const cv::Vec3b pixel(cv::saturate_cast<uchar>(colour[0]), cv::saturate_cast<uchar>(colour[1]),
                        cv::saturate_cast<uchar>(colour[2]));
  return BlendRows(image, alpha, 0, [&pixel](int) { return pixel.val; });
}

cv::Mat Soften(const cv::Mat& image, double sigma) {
  // Beyond this a kernel on the full image costs more than shrinking loses.
  constexpr double kDirect = 3.0;
  cv::Mat soft;
  if (sigma <= 0.05) return image.clone();
  if (sigma <= kDirect || std::min(image.rows, image.cols) < 8) {
    cv::GaussianBlur(image, soft, {}, sigma, sigma, cv::BORDER_REFLECT_101);
    return soft;
  }
  const cv::Size half((image.cols + 1) / 2, (image.rows + 1) / 2);
  cv::Mat small;
  cv::resize(image, small, half, 0, 0, cv::INTER_AREA);
  // Shrinking and enlarging have blurred already.
  small = Soften(small, 0.5 * std::sqrt(sigma * sigma - 1.0));
  cv::resize(small, soft, image.size(), 0, 0, cv::INTER_LINEAR);
  return soft;
}

}  // namespace giot::camera
