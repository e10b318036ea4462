#include "models/quality/laplacian.h"

#include <cstddef>
#include <numeric>
#include <vector>

namespace giot::quality {

double MeanLaplacian(const cv::Mat& grey) {
  std::vector<std::uint16_t> row(static_cast<std::size_t>(grey.cols - 2));
  std::uint64_t sum = 0;
  for (int y = 1; y < grey.rows - 1; ++y) {
    LaplacianRow(grey, y, row.data());
    sum += std::accumulate(row.begin(), row.end(), std::uint32_t{0});
  }
  return static_cast<double>(sum) / (static_cast<double>(row.size()) * (grey.rows - 2));
}

}  // namespace giot::quality
