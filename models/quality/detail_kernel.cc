#include "models/quality/detail_kernel.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "models/quality/laplacian.h"

namespace giot::quality {
namespace {

// By how many grey levels an impulse stands out.
constexpr int kImpulse = 40;

// Plain loops over rows, in the form that compilers turn into vector code.

[[gnu::always_inline]] inline void SumDirections(const cv::Mat& patch, DetailSums& sums) {
  std::uint32_t across = 0;
  std::uint32_t down = 0;
  std::uint32_t rising = 0;
  std::uint32_t falling = 0;
  std::uint32_t impulses = 0;
  for (int y = 1; y < patch.rows - 1; y += 2) {
    const std::uint8_t* above = patch.ptr<std::uint8_t>(y - 1);
    const std::uint8_t* here = patch.ptr<std::uint8_t>(y);
    const std::uint8_t* below = patch.ptr<std::uint8_t>(y + 1);
    for (int x = 1; x < patch.cols - 1; ++x) {
      const int twice = 2 * here[x];
      across += static_cast<std::uint32_t>(std::abs(twice - here[x - 1] - here[x + 1]));
      down += static_cast<std::uint32_t>(std::abs(twice - above[x] - below[x]));
      rising += static_cast<std::uint32_t>(std::abs(twice - above[x + 1] - below[x - 1]));
      falling += static_cast<std::uint32_t>(std::abs(twice - above[x - 1] - below[x + 1]));
      const int most = std::max(std::max<int>(here[x - 1], here[x + 1]), std::max<int>(above[x], below[x]));
      const int least = std::min(std::min<int>(here[x - 1], here[x + 1]), std::min<int>(above[x], below[x]));
      impulses += std::max(here[x] - most, least - here[x]) > kImpulse ? 1U : 0U;
    }
    sums.curvature_pixels += static_cast<std::uint32_t>(patch.cols - 2);
  }
  sums.curvature = {across, down, rising, falling};
  sums.impulses = impulses;
}

[[gnu::always_inline]] inline void SumSteps(const cv::Mat& patch, DetailSums& sums) {
  const auto width = static_cast<std::size_t>(patch.cols - 1);
  sums.column_steps.assign(width, 0);
  std::uint32_t* across = sums.column_steps.data();
  std::uint32_t equal = 0;
  for (int y = 0; y < patch.rows - 1; ++y) {
    const std::uint8_t* here = patch.ptr<std::uint8_t>(y);
    const std::uint8_t* below = patch.ptr<std::uint8_t>(y + 1);
    std::uint32_t down = 0;
    for (std::size_t x = 0; x < width; ++x) {
      const auto step = static_cast<std::uint32_t>(std::abs(here[x + 1] - here[x]));
      across[x] += step;
      equal += step == 0 ? 1U : 0U;
      down += static_cast<std::uint32_t>(std::abs(below[x] - here[x]));
    }
    sums.row_steps.push_back(down);
  }
  sums.equal_neighbours = equal;
}

[[gnu::always_inline]] inline void Sum(const cv::Mat& patch, DetailSums& sums) {
  const auto width = static_cast<std::size_t>(patch.cols - 2);
  sums.laplacian.resize(width * static_cast<std::size_t>(patch.rows - 2));
  for (int y = 1; y < patch.rows - 1; ++y) {
    LaplacianRow(patch, y, sums.laplacian.data() + static_cast<std::size_t>(y - 1) * width);
  }
  SumDirections(patch, sums);
  SumSteps(patch, sums);
}

#if defined(__x86_64__)
const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;

[[gnu::target("avx2")]] void SumAvx2(const cv::Mat& patch, DetailSums& sums) { Sum(patch, sums); }
#endif

}  // namespace

DetailSums SumDetail(const cv::Mat& grey_patch) {
  DetailSums sums;
#if defined(__x86_64__)
  if (kHasAvx2) {
    SumAvx2(grey_patch, sums);
    return sums;
  }
#endif
  Sum(grey_patch, sums);
  return sums;
}

}  // namespace giot::quality
