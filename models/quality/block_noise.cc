#include "models/quality/block_noise.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace giot::quality {
namespace {

constexpr int kBlock = 8;
// sqrt(pi / 2) / 6 makes a standard deviation of the mask's mean absolute answer to Gaussian noise.
constexpr double kDeviationPerAnswer = 0.20888568955258338 / (kBlock * kBlock);

// Adds |(1 -2 1) x (1 -2 1)| of row y's inner pixels to `sums`.
void AddRow(const cv::Mat& levels, int y, std::vector<std::int16_t>& vertical, std::vector<std::int32_t>& sums) {
  const std::uint8_t* above = levels.ptr<std::uint8_t>(y - 1);
  const std::uint8_t* here = levels.ptr<std::uint8_t>(y);
  const std::uint8_t* below = levels.ptr<std::uint8_t>(y + 1);
  const std::size_t width = vertical.size();
  for (std::size_t x = 0; x < width; ++x) {
    vertical[x] = static_cast<std::int16_t>(above[x] - 2 * here[x] + below[x]);
  }
  for (std::size_t x = 1; x + 1 < width; ++x) {
    sums[x - 1] += std::abs(vertical[x - 1] - 2 * vertical[x] + vertical[x + 1]);
  }
}

}  // namespace

void AppendBlockNoise(const cv::Mat& levels, std::vector<float>& noise) {
  const auto width = static_cast<std::size_t>(levels.cols);
  std::vector<std::int16_t> vertical(width);
  std::vector<std::int32_t> sums(width);
  for (int top = 1; top + kBlock < levels.rows; top += kBlock) {
    std::fill(sums.begin(), sums.end(), 0);
    for (int y = top; y < top + kBlock; ++y) AddRow(levels, y, vertical, sums);
    for (std::size_t left = 0; left + kBlock + 2 <= width; left += kBlock) {
      std::int32_t sum = 0;
      for (std::size_t x = left; x < left + kBlock; ++x) sum += sums[x];
      noise.push_back(static_cast<float>(sum * kDeviationPerAnswer));
    }
  }
}

double PercentileOf(std::vector<float>& values, double share) {
  if (values.empty()) return 0.0;
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return static_cast<double>(values[static_cast<std::size_t>(place)]);
}

}  // namespace giot::quality
