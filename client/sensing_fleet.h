#pragma once

#include <cstdint>
#include <functional>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/deal.h"
#include "client/fleet.h"
#include "client/payment.h"
#include "client/sensing_tally.h"
#include "giot/v1/sensing_quality.pb.h"
#include "models/quality/quality_model.h"

namespace giot::client {

// How far a score may lie below what was agreed on because of the patches that the server's nonce picks.
inline constexpr double kAllowance = 0.03;

struct SensingPlan {
  int deliveries = 0;        // Vehicles that deliver; at most those of the fleet.
  double cheat_share = 0.0;  // Of them, in [0, 1].
  // Delta of PaymentTerms; if absent the model's margin and kAllowance.
  std::optional<double> delta;
  std::uint64_t seed = 0;
  std::string run_id;  // So that no run is taken for a replay of another.
};

// What is announced.
PaymentTerms TermsOf(const SensingPlan& plan, const quality::QualityModel& model);

// Where vehicles see, send and read the time.
struct SensingWorld {
  // What the camera of a vehicle sees, CV_8UC3.
  std::function<absl::StatusOr<cv::Mat>(std::uint64_t vehicle)> frame;
  std::function<absl::StatusOr<v1::SensingQualityScore>(const v1::ScoreSensingQualityRequest& request)> submit;
  std::function<std::int64_t()> now_us;  // Unix time.
  VehicleFinder find;                    // If empty, no vehicles are looked for.
  // Takes over the deals under the first method's menus, which are then not delivered here, nor in its tally; if empty,
  // they are as the others.
  std::function<void(Deal deal)> hand_over;
};

// Lets the first vehicles of the fleet deliver what they agreed on, each once under every method's menu with the same
// frame and the same conduct: one tally a method. A vehicle looks at its frame before it agrees: an honest one takes
// the item that suits it best of those that the frame can fulfil (OwnScorer::SureQuality), a cheat of all. A vehicle
// that no item suits delivers nothing. Fails with the first error, an image that the server refuses (INVALID_ARGUMENT)
// being none.
absl::StatusOr<std::vector<SensingTally>> RunSensing(const std::vector<FleetMarket>& fleet,
                                                     const std::vector<MenuSource>& methods,
                                                     const quality::QualityModel& model, const SensingPlan& plan,
                                                     const SensingWorld& world);

}  // namespace giot::client
