#pragma once

#include <array>
#include <opencv2/core/mat.hpp>
#include <opencv2/core/matx.hpp>
#include <vector>

#include "absl/status/statusor.h"

namespace giot::bench {

// NIQE, "Making a completely blind image quality analyzer" (Mittal, Soundararajan, Bovik 2013): the distance between
// the natural-scene statistics of an image and those of pristine photographs. Higher is worse. Patches of 96 x 96, 18
// features at each of two scales, pristine patches chosen by a sharpness of .75 of the sharpest one's, as in the paper.
class Niqe {
 public:
  static constexpr int kFeatures = 36;

  // Learns the statistics of pristine photographs, CV_8UC3. FailedPrecondition if they have fewer sharp patches than
  // features.
  static absl::StatusOr<Niqe> Fit(const std::vector<cv::Mat>& pristine);

  // Of an image, CV_8UC3 BGR, at least 192 x 192.
  double Score(const cv::Mat& image) const;

 private:
  // Mean and covariance of the features of patches.
  struct Gaussian {
    cv::Mat mean;        // [1, kFeatures], CV_64F
    cv::Mat covariance;  // [kFeatures, kFeatures], CV_64F
  };
  explicit Niqe(Gaussian pristine) : pristine_(std::move(pristine)) {}
  static Gaussian GaussianOf(const cv::Mat& features);

  Gaussian pristine_;
};

}  // namespace giot::bench
