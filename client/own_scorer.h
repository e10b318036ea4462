#pragma once

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>
#include <string>

#include "absl/status/status.h"
#include "models/quality/quality_model.h"
#include "models/quality/sensing_score.h"

namespace giot::client {

// What a vehicle makes of its own images, by the model that the server scores with. The server's nonce, which picks
// the patches that are looked at, is not known to it: so it reads every image by several nonces of its own. One
// thread at a time.
class OwnScorer {
 public:
  static constexpr int kReadings = 5;

  // `model` outlives it. Images are scored against so many pixels. `allowance`: how far a score may lie below what was
  // agreed on; negative where it must lie above.
  OwnScorer(const quality::QualityModel& model, const cv::Size& wanted, double allowance);

  // The most that may be agreed on for an image, CV_8UC3: what it is worth in the mean of its readings, and no more
  // than the least of them and the allowance make up for. 0 once something went wrong, which status() tells.
  double SureQuality(const cv::Mat& image);
  // The same where it is near `agreed`; elsewhere one reading, which tells as well on which side.
  double SureQualityNear(const cv::Mat& image, double agreed);

  // Internal if an image could not be encoded or scored.
  const absl::Status& status() const { return status_; }

 private:
  double Read(const std::string& bytes, int reading);
  // Of all readings, the first of which is known.
  double SettleOn(const std::string& bytes, double first);
  double Sure(double mean, double least) const;

  const quality::QualityModel& model_;
  quality::Requirements requirements_;  // Fresh: captured and received at 0.
  double allowance_;
  absl::Status status_;
};

}  // namespace giot::client
