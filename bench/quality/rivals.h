#pragma once

#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace giot::bench {

// The classical no-reference metrics that the model is compared with, turned so that higher is better.
class Rivals {
 public:
  // BRISQUE's model and range files are those of OpenCV in `brisque`; NIQE is fitted to `pristine` photographs.
  // NotFound without the files; FailedPrecondition as Niqe::Fit says.
  static absl::StatusOr<Rivals> Load(const std::string& brisque, const std::vector<cv::Mat>& pristine);
  Rivals(Rivals&&) noexcept;
  Rivals& operator=(Rivals&&) noexcept;
  ~Rivals();

  // 1 - BRISQUE / 100 (Mittal, Moorthy, Bovik 2012), in [0, 1]. CV_8UC3 BGR.
  double Brisque(const cv::Mat& image) const;
  // -NIQE (Mittal, Soundararajan, Bovik 2013).
  double Niqe(const cv::Mat& image) const;

 private:
  struct Models;
  explicit Rivals(std::unique_ptr<Models> models);

  std::unique_ptr<Models> models_;
};

}  // namespace giot::bench
