#include "client/delivery.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/effort.h"
#include "models/camera/attack.h"
#include "models/quality/capture_signature.h"
#include "models/quality/sensing_score.h"
#include "models/quality/sha256.h"

namespace giot::client {
namespace {

constexpr int kJpegQuality = 95;
constexpr double kShareOfEffort = 0.5;  // What a cheat spends of what it is paid for.
constexpr double kWorthSaving = 0.05;   // More quality than is paid for that a vehicle finds another saving for.
constexpr int kShrink = 2;              // Of each side, before it is enlarged again.
constexpr double kStaleAgeS = 20.0;

absl::StatusOr<std::string> Encode(const cv::Mat& image) {
  try {
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, kJpegQuality});
    return std::string(bytes.begin(), bytes.end());
  } catch (const cv::Exception& error) {
    return absl::InternalError(absl::StrCat("cannot encode a frame: ", error.what()));
  }
}

// A vehicle's own scorer.
class OwnScorer {
 public:
  OwnScorer(const quality::QualityModel& model, const cv::Size& wanted) : model_(model) {
    requirements_.width = wanted.width;
    requirements_.height = wanted.height;
  }

  // 0 once something went wrong, which status() tells.
  double Measure(const cv::Mat& image) {
    const absl::StatusOr<std::string> bytes = Encode(image);
    status_.Update(bytes.status());
    if (!status_.ok()) return 0.0;
    const auto score = quality::ScoreImage(model_, *bytes, {}, requirements_, "a nonce of the vehicle's own", {});
    status_.Update(score.status());
    return score.ok() ? score->quality : 0.0;
  }
  const absl::Status& status() const { return status_; }

 private:
  const quality::QualityModel& model_;
  quality::Requirements requirements_;  // Fresh: captured and received at 0.
  absl::Status status_;
};

struct Taken {
  cv::Mat image;
  double true_quality = 0.0;
};

Taken TakeImage(const cv::Mat& frame, const Order& order, Conduct conduct, OwnScorer& scorer) {
  const Measure measure = [&scorer](const cv::Mat& image) { return scorer.Measure(image); };
  if (conduct == Conduct::kUpscale) {
    cv::Mat small, enlarged;
    cv::resize(frame, small, frame.size() / kShrink, 0.0, 0.0, cv::INTER_AREA);
    cv::resize(small, enlarged, frame.size(), 0.0, 0.0, cv::INTER_CUBIC);
    return {enlarged, std::min(order.quality, measure(small))};
  }
  const double spent = conduct == Conduct::kGrain ? kShareOfEffort * order.quality : order.quality;
  Effort effort = SpendEffort(frame, PickSaving(order.seed), order.seed, spent, measure);
  if (effort.quality > spent + kWorthSaving) {  // That saving alone cannot go so low.
    effort = SpendEffort(effort.image, PickSaving(order.seed + 1), order.seed, spent, measure);
  }
  if (conduct == Conduct::kGrain) {
    effort.image = camera::ApplyAttack(effort.image, camera::Attack::kFineGrain, 1.0, order.seed);
  }
  return {effort.image, effort.quality};
}

double FreshnessAt(double age_s) {
  const quality::Requirements usual;
  return std::exp(-std::max(0.0, age_s - usual.fresh_for_s) / usual.age_scale_s);
}

void Damage(std::string& bytes) {
  // In the middle of the compressed pixels.
  char& byte = bytes[bytes.size() / 2];
  byte = static_cast<char>(byte ^ 0x55);
}

}  // namespace

absl::StatusOr<Delivery> Prepare(const cv::Mat& frame, const Order& order, Conduct conduct,
                                 const quality::QualityModel& model) {
  OwnScorer scorer(model, frame.size());
  const Taken taken = TakeImage(frame, order, conduct, scorer);
  if (!scorer.status().ok()) {
    return absl::InternalError(absl::StrCat("a vehicle cannot measure its image: ", scorer.status().message()));
  }
  absl::StatusOr<std::string> bytes = Encode(taken.image);
  if (!bytes.ok()) return bytes.status();
  Delivery delivery;
  v1::Capture& capture = *delivery.request.mutable_capture();
  capture.set_source_id(order.source_id);
  capture.set_latitude(order.latitude);
  capture.set_longitude(order.longitude);
  capture.set_sha256(std::string(quality::BytesOf(quality::Sha256(*bytes))));
  delivery.request.mutable_requirements()->set_width(frame.cols);
  delivery.request.mutable_requirements()->set_height(frame.rows);
  delivery.true_quality = taken.true_quality;
  if (conduct == Conduct::kStale) {
    delivery.age_s = kStaleAgeS;
    delivery.true_quality *= FreshnessAt(kStaleAgeS);
  }
  if (conduct == Conduct::kCorrupt) Damage(*bytes);
  delivery.sent_before = conduct == Conduct::kReplay;
  if (conduct == Conduct::kCorrupt || conduct == Conduct::kReplay) delivery.true_quality = 0.0;
  delivery.request.set_image(*std::move(bytes));
  return delivery;
}

void Stamp(const Order& order, std::int64_t now_us, Delivery& delivery) {
  v1::Capture& message = *delivery.request.mutable_capture();
  message.set_captured_at_us(now_us - static_cast<std::int64_t>(delivery.age_s * 1e6));
  quality::Capture capture;
  capture.source_id = message.source_id();
  capture.captured_at_us = message.captured_at_us();
  capture.latitude = message.latitude();
  capture.longitude = message.longitude();
  const quality::Digest seed = quality::Sha256("giot-vehicle key ", absl::StrCat(order.seed));
  const quality::CaptureSignature made =
      quality::Sign(capture, quality::Sha256(delivery.request.image()), quality::SecretKeyFrom(seed));
  message.set_public_key(std::string(made.public_key.begin(), made.public_key.end()));
  message.set_signature(std::string(made.signature.begin(), made.signature.end()));
}

}  // namespace giot::client
