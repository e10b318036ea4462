#pragma once

#include <filesystem>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace giot::detection {

// What a detector makes of an image.
struct Sight {
  // Boxes of the vehicles, as fractions of the image's width and height, the surest first.
  std::vector<cv::Rect2d> vehicles;
  cv::Mat confidences;  // CV_32F, at least 0: of each of 80 classes (rows) in each cell.
};

// Finds vehicles in road images with a network of the FastestDet kind as an ONNX file: input 1x3x352x352, BGR / 255;
// output 1x85xHxW with objectness, four numbers of the box and 80 COCO classes a cell, of which 2 car, 3 motorbike,
// 5 bus and 7 truck count. One thread at a time.
class VehicleDetector {
 public:
  // NotFound without the file; InvalidArgument if it is no network of that form.
  static absl::StatusOr<VehicleDetector> Load(const std::filesystem::path& onnx);
  VehicleDetector(VehicleDetector&&) noexcept;
  VehicleDetector& operator=(VehicleDetector&&) noexcept;
  ~VehicleDetector();

  // `image` is CV_8UC3 BGR. Vehicles are given after non-maximum suppression; those below `confidence`, in [0, 1], are
  // left out.
  Sight Look(const cv::Mat& image, double confidence = 0.5);
  std::vector<cv::Rect2d> Find(const cv::Mat& image, double confidence = 0.5);  // Look's vehicles.

 private:
  struct Network;
  explicit VehicleDetector(std::unique_ptr<Network> network);

  std::unique_ptr<Network> network_;
};

// How much alike two images look to a detector: the cosine of the angle between their confidences, in [0, 1], 1 where
// neither shows anything. It tells more than finds do, of which an image has few or none.
double Likeness(const Sight& a, const Sight& b);

// Share of the union of two boxes that both cover, in [0, 1]; 0 for empty boxes.
double IntersectionOverUnion(const cv::Rect2d& a, const cv::Rect2d& b);

// Harmonic mean of precision and recall of `finds` against `expected`, in [0, 1]: finds take, in order, the unmatched
// expected box that they overlap most, and by at least half of the union. Nullopt where nothing is expected.
std::optional<double> MatchF1(absl::Span<const cv::Rect2d> finds, absl::Span<const cv::Rect2d> expected);

}  // namespace giot::detection
