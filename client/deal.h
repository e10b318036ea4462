#pragma once

#include <functional>
#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "client/conduct.h"
#include "client/delivery.h"
#include "client/fleet.h"
#include "client/sensing_tally.h"
#include "giot/v1/sensing_quality.pb.h"
#include "models/contract/menu.h"

namespace giot::client {

// Boxes of the vehicles on an image, CV_8UC3, as fractions of its sides.
using VehicleFinder = std::function<std::vector<cv::Rect2d>(const cv::Mat& image)>;

// What a vehicle of the fleet agreed on, and what it is going to deliver for it.
struct Deal {
  const FleetMarket* market = nullptr;
  contract::PostedMenu menu;  // That it was offered, certified.
  contract::PostedItem item;  // Of the menu.
  Conduct conduct = Conduct::kHonest;
  bool settled_for_less = false;  // Than suited it best.
  Order order;
  Delivery delivery;                 // Not stamped yet.
  std::vector<cv::Rect2d> vehicles;  // Found on the frame; empty if nobody looked.
};

// What became of a deal: `score`, nullopt if the image was refused, and whether it was paid. With a finder, what is on
// the image that was paid for is counted. Internal if it cannot be decoded.
absl::StatusOr<Outcome> OutcomeOf(const Deal& deal, const std::optional<v1::SensingQualityScore>& score, bool paid,
                                  const VehicleFinder& find);

}  // namespace giot::client
