#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string_view>
#include <vector>

#include "models/quality/laplacian.h"
#include "models/quality/level_histogram.h"

namespace giot::quality {

inline constexpr int kFineDetails = 13;

// Statistics of full-size grey patches, pooled: how much detail there is, whether it runs in one
// direction (motion blur), how noisy flat places are, traces of 8-pixel blocks (JPEG).
class FineDetail {
 public:
  // CV_8UC1 patch of at least 16 x 16 pixels whose corner is at (left, top) of the image.
  void Add(const cv::Mat& grey_patch, int left, int top);

  // Mean |Laplacian|.
  double Energy() const;
  // Standard deviation of noise in flat blocks, in grey levels.
  double Noise() const;
  std::array<float, kFineDetails> Values() const;

 private:
  LevelHistogram<kMaxLaplacian + 1> laplacian_;
  std::uint64_t laplacian_sum_ = 0;
  std::uint64_t impulses_ = 0;
  std::uint64_t inner_pixels_ = 0;
  // Sums of |second difference| along 0, 90, 45 and 135 degrees.
  std::array<std::uint64_t, 4> curvature_{};
  std::uint64_t curvature_pixels_ = 0;
  // Sums of |difference| across columns and rows, by position modulo 8, and their counts.
  std::array<std::uint64_t, 8> column_steps_{}, row_steps_{};
  std::array<std::uint64_t, 8> column_counts_{}, row_counts_{};
  std::uint64_t equal_neighbours_ = 0;
  std::vector<float> noise_;
};

const std::array<std::string_view, kFineDetails>& FineDetailNames();

}  // namespace giot::quality
