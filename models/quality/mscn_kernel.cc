#include "models/quality/mscn_kernel.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "models/quality/patch_grid.h"

namespace giot::quality {
namespace {

constexpr std::size_t kWindow = 7;
constexpr std::size_t kSide = kPatchSide;
constexpr std::size_t kLanes = 8;
// Columns beyond the patch's are 0 and add nothing to a sum.
constexpr std::size_t kStride = kSide + kLanes;

using Vec = float __attribute__((vector_size(4 * kLanes)));
using IntVec = int __attribute__((vector_size(4 * kLanes)));
using Plane = std::array<std::array<float, kStride>, kSide>;

constexpr std::array<float, kWindow> kGaussian = {0.01256020F, 0.07882796F, 0.23729608F, 0.34263152F,
                                                  0.23729608F, 0.07882796F, 0.01256020F};

// Keeps the divisor away from 0 in flat places, in grey levels.
constexpr float kFloor = 1.0F;

[[gnu::always_inline]] inline Vec Load(const float* from) {
  Vec value;
  __builtin_memcpy(&value, from, sizeof value);
  return value;
}

// One row of MSCN levels from the seven rows of grey levels that begin at `grey`.
[[gnu::always_inline]] inline void NormalizeRow(const std::array<float, kStride>* grey, std::size_t width,
                                                float* levels) {
  std::array<float, kStride> mean;
  std::array<float, kStride> square;
  for (std::size_t x = 0; x < width; ++x) {
    float sum = 0.0F;
    float square_sum = 0.0F;
    for (std::size_t k = 0; k < kWindow; ++k) {
      const float weighted = kGaussian[k] * grey[k][x];
      sum += weighted;
      square_sum += weighted * grey[k][x];
    }
    mean[x] = sum;
    square[x] = square_sum;
  }
  const float* centre = grey[kWindow / 2].data() + kWindow / 2;
  for (std::size_t x = 0; x < width - kWindow + 1; ++x) {
    float local_mean = 0.0F;
    float local_square = 0.0F;
    for (std::size_t k = 0; k < kWindow; ++k) {
      local_mean += kGaussian[k] * mean[x + k];
      local_square += kGaussian[k] * square[x + k];
    }
    const float variance = local_square - local_mean * local_mean;
    levels[x] = (centre[x] - local_mean) / (std::sqrt(variance > 0.0F ? variance : 0.0F) + kFloor);
  }
}

// Sums by lane, so that no compiler has to reorder additions to use vectors.
struct LaneMoments {
  IntVec negatives{};
  Vec absolute{}, negative_square{}, positive_square{};

  [[gnu::always_inline]] inline void Add(const Vec& value) {
    const IntVec is_negative = value < Vec{};
    const Vec negative = is_negative ? value : Vec{};
    const Vec positive = value - negative;
    negatives -= is_negative;
    absolute += positive - negative;
    negative_square += negative * negative;
    positive_square += positive * positive;
  }

  [[gnu::always_inline]] inline void AddTo(std::size_t count, SignedMoments& moments) const {
    moments.count += static_cast<double>(count);
    for (std::size_t i = 0; i < kLanes; ++i) {
      moments.negative_count += negatives[i];
      moments.absolute += static_cast<double>(absolute[i]);
      moments.negative_square += static_cast<double>(negative_square[i]);
      moments.positive_square += static_cast<double>(positive_square[i]);
    }
  }
};

[[gnu::always_inline]] inline void AddLevels(const Plane& levels, std::size_t rows, std::size_t columns,
                                             SignedMoments& moments) {
  LaneMoments sums;
  for (std::size_t y = 0; y < rows; ++y) {
    for (std::size_t x = 0; x < columns; x += kLanes) sums.Add(Load(levels[y].data() + x));
  }
  sums.AddTo(rows * columns, moments);
}

// Products of each level with the one (right, down) of it.
[[gnu::always_inline]] inline void AddProducts(const Plane& levels, std::size_t rows, std::size_t columns,
                                               std::size_t right, std::size_t down, SignedMoments& moments) {
  LaneMoments sums;
  for (std::size_t y = 0; y < rows - down; ++y) {
    const float* first = levels[y].data();
    const float* second = levels[y + down].data() + right;
    for (std::size_t x = 0; x < columns; x += kLanes) sums.Add(Load(first + x) * Load(second + x));
  }
  sums.AddTo((rows - down) * (columns - right), moments);
}

// Products of each level with the one below left of it.
[[gnu::always_inline]] inline void AddFallingProducts(const Plane& levels, std::size_t rows, std::size_t columns,
                                                      SignedMoments& moments) {
  LaneMoments sums;
  for (std::size_t y = 0; y < rows - 1; ++y) {
    const float* first = levels[y].data() + 1;
    const float* second = levels[y + 1].data();
    for (std::size_t x = 0; x < columns; x += kLanes) sums.Add(Load(first + x) * Load(second + x));
  }
  sums.AddTo((rows - 1) * (columns - 1), moments);
}

[[gnu::always_inline]] inline void AddPatch(const Plane& grey, std::size_t width, std::size_t height,
                                            MscnMoments& moments) {
  const std::size_t columns = width - kWindow + 1;
  const std::size_t rows = height - kWindow + 1;
  Plane levels;
  for (std::size_t y = 0; y < rows; ++y) {
    levels[y].fill(0.0F);
    NormalizeRow(&grey[y], width, levels[y].data());
  }
  AddLevels(levels, rows, columns, moments.levels);
  AddProducts(levels, rows, columns, 1, 0, moments.products[0]);
  AddProducts(levels, rows, columns, 0, 1, moments.products[1]);
  AddProducts(levels, rows, columns, 1, 1, moments.products[2]);
  AddFallingProducts(levels, rows, columns, moments.products[3]);
}

#if defined(__x86_64__)
// AVX2 without FMA, whose single rounding would make scores depend on the CPU.
const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;

[[gnu::target("avx2")]] void AddPatchAvx2(const Plane& grey, std::size_t width, std::size_t height,
                                          MscnMoments& moments) {
  AddPatch(grey, width, height, moments);
}
#endif

}  // namespace

void AddMscnMoments(const cv::Mat& grey_patch, MscnMoments& moments) {
  const auto width = static_cast<std::size_t>(grey_patch.cols);
  const auto height = static_cast<std::size_t>(grey_patch.rows);
  Plane grey;
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* from = grey_patch.ptr<std::uint8_t>(static_cast<int>(y));
    // Levels about 0 have smaller squares, which lose fewer digits.
    for (std::size_t x = 0; x < width; ++x) grey[y][x] = static_cast<float>(from[x] - 128);
  }
#if defined(__x86_64__)
  if (kHasAvx2) return AddPatchAvx2(grey, width, height, moments);
#endif
  AddPatch(grey, width, height, moments);
}

}  // namespace giot::quality
