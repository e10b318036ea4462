#include "client/deal.h"

#include <string>

#include "client/frame_encoding.h"
#include "models/detection/vehicle_detector.h"

namespace giot::client {
namespace {

constexpr double kMicro = 1e6;

// How many of the vehicles on the frame are found, at their places, on what was sent.
absl::StatusOr<double> CountFound(const std::vector<cv::Rect2d>& vehicles, const std::string& jpeg,
                                  const VehicleFinder& find) {
  const absl::StatusOr<cv::Mat> image = DecodeFrame(jpeg);
  if (!image.ok()) return image.status();
  const std::vector<cv::Rect2d> finds = find(*image);
  // F1 is 2 x matches / (finds + expected).
  return 0.5 * detection::MatchF1(finds, vehicles).value_or(0.0) * static_cast<double>(finds.size() + vehicles.size());
}

}  // namespace

absl::StatusOr<Outcome> OutcomeOf(const Deal& deal, const std::optional<v1::SensingQualityScore>& score, bool paid,
                                  const VehicleFinder& find) {
  Outcome outcome;
  outcome.conduct = deal.conduct;
  outcome.agreed = deal.order.quality;
  outcome.settled = deal.settled_for_less;
  outcome.true_quality = deal.delivery.true_quality;
  if (!score) return outcome;
  outcome.scored = score->quality();
  outcome.paid = paid;
  if (!paid) return outcome;
  outcome.reward = static_cast<double>(deal.item.reward_micros) / kMicro;
  if (!find) return outcome;
  const absl::StatusOr<double> found = CountFound(deal.vehicles, deal.delivery.request.image(), find);
  if (!found.ok()) return found.status();
  outcome.found = *found;
  return outcome;
}

}  // namespace giot::client
