#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <vector>

namespace giot::quality {

// Sums over one grey patch.
struct DetailSums {
  std::vector<std::uint16_t> laplacian;  // |Laplacian| of each inner pixel.
  // Of every second inner row, which tells as much as all of them: sums of |second difference| along
  // 0, 90, 45 and 135 degrees, and how many pixels stand out from their four neighbours.
  std::array<std::uint32_t, 4> curvature{};
  std::uint32_t impulses = 0;
  std::uint32_t curvature_pixels = 0;
  // Of all but the last row and column: sums of |difference| to the right neighbour by column, to the
  // one below by row, and how many equal their right neighbour.
  std::vector<std::uint32_t> column_steps, row_steps;
  std::uint32_t equal_neighbours = 0;
};

// `grey_patch`: CV_8UC1, sides of 3 to 96 pixels. Integers only: the same on every CPU.
DetailSums SumDetail(const cv::Mat& grey_patch);

}  // namespace giot::quality
