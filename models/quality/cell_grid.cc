#include "models/quality/cell_grid.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "models/quality/laplacian.h"

namespace giot::quality {
namespace {

constexpr int kColumns = 16;
constexpr int kRows = 9;
constexpr int kLeastHalfSide = 16;

struct CellSums {
  std::uint64_t levels = 0;
  std::uint64_t laplacian = 0;
  std::uint64_t pixels = 0;
};

// Sums over inner pixels, for an image divided into columns x rows cells.
std::vector<CellSums> SumCells(const cv::Mat& grey, int columns, int rows) {
  std::vector<CellSums> sums(static_cast<std::size_t>(columns * rows));
  std::vector<std::uint16_t> laplacian(static_cast<std::size_t>(grey.cols - 2));
  for (int y = 1; y < grey.rows - 1; ++y) {
    LaplacianRow(grey, y, laplacian.data());
    const std::uint8_t* levels = grey.ptr<std::uint8_t>(y);
    for (int column = 0; column < columns; ++column) {
      CellSums& cell = sums[static_cast<std::size_t>(y * rows / grey.rows * columns + column)];
      const int begin = std::max(1, grey.cols * column / columns);
      const int end = std::min(grey.cols - 1, grey.cols * (column + 1) / columns);
      cell.levels += std::accumulate(levels + begin, levels + end, std::uint32_t{0});
      cell.laplacian += std::accumulate(laplacian.begin() + begin - 1, laplacian.begin() + end - 1, std::uint32_t{0});
      cell.pixels += static_cast<std::uint64_t>(end - begin);
    }
  }
  return sums;
}

double MeanLaplacianOf(const std::vector<CellSums>& sums) {
  std::uint64_t laplacian = 0;
  std::uint64_t pixels = 0;
  for (const CellSums& cell : sums) {
    laplacian += cell.laplacian;
    pixels += cell.pixels;
  }
  return static_cast<double>(laplacian) / static_cast<double>(pixels);
}

}  // namespace

CellGrid MeasureCells(const ImagePyramid& pyramid) {
  const cv::Size half = pyramid.half_grey.size();
  CellGrid grid;
  grid.columns = std::clamp(half.width / kLeastHalfSide, 1, kColumns);
  grid.rows = std::clamp(half.height / kLeastHalfSide, 1, kRows);
  const std::vector<CellSums> fine = SumCells(pyramid.half_grey, grid.columns, grid.rows);
  const std::vector<CellSums> coarse = SumCells(pyramid.quarter_grey, grid.columns, grid.rows);
  grid.detail = MeanLaplacianOf(fine);
  grid.structure = MeanLaplacianOf(coarse);
  grid.cells.resize(fine.size());
  for (std::size_t i = 0; i < fine.size(); ++i) {
    const auto pixels = static_cast<double>(fine[i].pixels);
    grid.cells[i] = {static_cast<double>(fine[i].levels) / pixels, static_cast<double>(fine[i].laplacian) / pixels,
                     static_cast<double>(coarse[i].laplacian) / static_cast<double>(coarse[i].pixels)};
  }
  return grid;
}

}  // namespace giot::quality
