#include "client/heat_map_image.h"

#include <algorithm>
#include <cstddef>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <vector>

#include "absl/strings/str_cat.h"

namespace giot::client {
namespace {

constexpr double kMostRed = 0.6;  // Something of the image shows through the worst cell.
const cv::Scalar kRed(0, 0, 255);

absl::Status CheckSize(const v1::SensingHeatMap& map) {
  const bool fits = map.columns() >= 1 && map.rows() >= 1 && map.unusable_size() % map.columns() == 0 &&
                    map.unusable_size() / map.columns() == map.rows();
  if (fits) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("heat_map: got ", map.unusable_size(), " cells, want ", map.columns(), " x ", map.rows()));
}

// Where the `index`-th of `parts` of a length begins.
int Edge(int length, int index, int parts) {
  return static_cast<int>(static_cast<std::int64_t>(length) * index / parts);
}

void Tint(const v1::SensingHeatMap& map, cv::Mat& image) {
  for (int row = 0; row < map.rows(); ++row) {
    const int top = Edge(image.rows, row, map.rows());
    const int bottom = Edge(image.rows, row + 1, map.rows());
    for (int column = 0; column < map.columns(); ++column) {
      const int left = Edge(image.cols, column, map.columns());
      const int right = Edge(image.cols, column + 1, map.columns());
      const double unusable = std::clamp(static_cast<double>(map.unusable(row * map.columns() + column)), 0.0, 1.0);
      cv::Mat cell = image(cv::Range(top, bottom), cv::Range(left, right));
      if (unusable > 0.0 && !cell.empty()) {
        cv::addWeighted(cell, 1.0 - kMostRed * unusable, cv::Mat(cell.size(), cell.type(), kRed), kMostRed * unusable,
                        0.0, cell);
      }
    }
  }
}

}  // namespace

absl::StatusOr<std::string> DrawHeatMap(std::string_view image, const v1::SensingHeatMap& map) {
  if (absl::Status status = CheckSize(map); !status.ok()) return status;
  try {
    const std::vector<std::uint8_t> bytes(image.begin(), image.end());
    cv::Mat picture = cv::imdecode(bytes, cv::IMREAD_COLOR);
    if (picture.empty()) return absl::InvalidArgumentError("image: cannot be decoded");
    Tint(map, picture);
    std::vector<std::uint8_t> png;
    cv::imencode(".png", picture, png);
    return std::string(png.begin(), png.end());
  } catch (const cv::Exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("image: ", error.what()));
  }
}

}  // namespace giot::client
