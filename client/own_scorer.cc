#include "client/own_scorer.h"

#include <algorithm>
#include <cmath>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "client/frame_encoding.h"

namespace giot::client {
namespace {

// Readings of an image do not lie so far apart, but where the calibration is steep.
constexpr double kNear = 0.1;

}  // namespace

OwnScorer::OwnScorer(const quality::QualityModel& model, const cv::Size& wanted, double allowance)
    : model_(model), allowance_(allowance) {
  requirements_.width = wanted.width;
  requirements_.height = wanted.height;
}

double OwnScorer::SureQuality(const cv::Mat& image) {
  const absl::StatusOr<std::string> bytes = EncodeFrame(image);
  status_.Update(bytes.status());
  return bytes.ok() ? SettleOn(*bytes, Read(*bytes, 0)) : 0.0;
}

double OwnScorer::SureQualityNear(const cv::Mat& image, double agreed) {
  const absl::StatusOr<std::string> bytes = EncodeFrame(image);
  status_.Update(bytes.status());
  if (!bytes.ok()) return 0.0;
  const double first = Read(*bytes, 0);
  const double alone = Sure(first, first);
  return std::abs(alone - agreed) > kNear ? alone : SettleOn(*bytes, first);
}

double OwnScorer::Read(const std::string& bytes, int reading) {
  if (!status_.ok()) return 0.0;
  const auto score =
      quality::ScoreImage(model_, bytes, {}, requirements_, absl::StrCat("a vehicle's own nonce ", reading), {});
  if (score.ok()) return score->quality;
  status_ = absl::InternalError(absl::StrCat("a vehicle cannot measure its image: ", score.status().message()));
  return 0.0;
}

double OwnScorer::SettleOn(const std::string& bytes, double first) {
  double sum = first;
  double least = first;
  for (int reading = 1; reading < kReadings; ++reading) {
    const double read = Read(bytes, reading);
    sum += read;
    least = std::min(least, read);
  }
  return Sure(sum / kReadings, least);
}

double OwnScorer::Sure(double mean, double least) const { return std::max(0.0, std::min(mean, least + allowance_)); }

}  // namespace giot::client
