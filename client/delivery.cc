#include "client/delivery.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/effort.h"
#include "client/frame_encoding.h"
#include "client/own_scorer.h"
#include "models/camera/attack.h"
#include "models/quality/sensing_score.h"
#include "models/quality/sha256.h"

namespace giot::client {
namespace {

constexpr double kShareOfEffort = 0.5;  // What a cheat spends of what it is paid for.
constexpr double kWorthSaving = 0.05;   // More quality than is paid for that a vehicle finds another saving for.
constexpr std::uint64_t kMostSavings = 3;
constexpr int kShrink = 2;  // Of each side, before it is enlarged again.
constexpr double kStaleAgeS = 20.0;

struct Taken {
  cv::Mat image;
  double true_quality = 0.0;
};

Taken TakeImage(const cv::Mat& frame, const Order& order, Conduct conduct, OwnScorer& scorer) {
  if (conduct == Conduct::kUpscale) {
    cv::Mat small, enlarged;
    cv::resize(frame, small, frame.size() / kShrink, 0.0, 0.0, cv::INTER_AREA);
    cv::resize(small, enlarged, frame.size(), 0.0, 0.0, cv::INTER_CUBIC);
    return {enlarged, std::min(order.quality, scorer.SureQuality(small))};
  }
  const double spent = conduct == Conduct::kGrain ? kShareOfEffort * order.quality : order.quality;
  const Measure measure = [&](const cv::Mat& image) { return scorer.SureQualityNear(image, spent); };
  Effort effort = SpendEffort(frame, PickSaving(order.seed), order.seed, spent, measure);
  // Where a saving at its worst leaves too much, another one is added.
  for (std::uint64_t more = 1; more < kMostSavings && effort.severity == 1.0 && effort.quality > spent + kWorthSaving;
       ++more) {
    effort = SpendEffort(effort.image, PickSaving(order.seed + more), order.seed, spent, measure);
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
  OwnScorer scorer(model, frame.size(), order.allowance);
  const Taken taken = TakeImage(frame, order, conduct, scorer);
  if (!scorer.status().ok()) return scorer.status();
  absl::StatusOr<std::string> bytes = EncodeFrame(taken.image);
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
  const quality::Digest seed = quality::Sha256("giot-vehicle key ", absl::StrCat(order.seed));
  Stamp(quality::SecretKeyFrom(seed), now_us, delivery);
}

void Stamp(const quality::SecretKey& key, std::int64_t now_us, Delivery& delivery) {
  v1::Capture& message = *delivery.request.mutable_capture();
  message.set_captured_at_us(now_us - static_cast<std::int64_t>(delivery.age_s * 1e6));
  quality::Capture capture;
  capture.source_id = message.source_id();
  capture.captured_at_us = message.captured_at_us();
  capture.latitude = message.latitude();
  capture.longitude = message.longitude();
  const quality::CaptureSignature made = quality::Sign(capture, quality::Sha256(delivery.request.image()), key);
  message.set_public_key(std::string(made.public_key.begin(), made.public_key.end()));
  message.set_signature(std::string(made.signature.begin(), made.signature.end()));
}

}  // namespace giot::client
