#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "client/conduct.h"
#include "giot/v1/sensing_quality.pb.h"
#include "models/quality/capture_signature.h"
#include "models/quality/quality_model.h"

namespace giot::client {

// A delivery that was agreed on.
struct Order {
  std::string source_id;
  double latitude = 0.0;  // Degrees.
  double longitude = 0.0;
  double quality = 0.0;    // Agreed, in [0, 1].
  double allowance = 0.0;  // See OwnScorer.
  std::uint64_t seed = 0;  // Of what the camera saves on, of grain and keys.
};

// What a vehicle sends; capture time and signature are put on by Stamp.
struct Delivery {
  v1::ScoreSensingQualityRequest request;
  bool sent_before = false;   // The same was sent earlier, when it was new.
  double age_s = 0.0;         // When it is sent.
  double true_quality = 0.0;  // What it is worth, whatever a scorer says.
};

// Makes of what the camera sees, CV_8UC3, at least 256 x 256, what a vehicle of that conduct sends; it asks to be
// scored against the frame's own size. A vehicle measures what it sends by its OwnScorer. The true quality is that
// measurement: of the image before it was tampered with, less for its age, 0 for a replay and for damaged bytes.
// Internal if it cannot be encoded or measured.
absl::StatusOr<Delivery> Prepare(const cv::Mat& frame, const Order& order, Conduct conduct,
                                 const quality::QualityModel& model);

// Sets capture time and signature, by a key that follows from the order's seed, of a delivery that is sent now.
void Stamp(const Order& order, std::int64_t now_us, Delivery& delivery);
// The same by the source's own key.
void Stamp(const quality::SecretKey& key, std::int64_t now_us, Delivery& delivery);

}  // namespace giot::client
