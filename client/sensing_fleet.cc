#include "client/sensing_fleet.h"

#include <algorithm>
#include <cstddef>
#include <random>

#include "absl/random/distributions.h"
#include "absl/strings/str_cat.h"
#include "client/delivery.h"
#include "client/vehicle.h"

namespace giot::client {
namespace {

constexpr double kMicro = 1e6;

// Where a vehicle is and how it behaves, under whatever menu.
struct Trip {
  std::uint64_t vehicle = 0;
  Conduct conduct = Conduct::kHonest;
  double latitude = 0.0;
  double longitude = 0.0;
  std::uint64_t seed = 0;
};

Trip TripOf(std::uint64_t vehicle, const SensingPlan& plan) {
  std::mt19937_64 random(plan.seed ^ (vehicle * 0x9e3779b97f4a7c15U));
  Trip trip;
  trip.vehicle = vehicle;
  trip.conduct = ConductOf(vehicle, plan.cheat_share, plan.seed);
  trip.latitude = absl::Uniform(random, 47.4, 47.6);
  trip.longitude = absl::Uniform(random, 19.0, 19.2);
  trip.seed = absl::Uniform<std::uint64_t>(random);
  return trip;
}

absl::StatusOr<Outcome> Deliver(const contract::PostedItem& item, const Trip& trip, const Order& order,
                                const cv::Mat& frame, const quality::QualityModel& model, const SensingPlan& plan,
                                const SensingWorld& world) {
  absl::StatusOr<Delivery> delivery = Prepare(frame, order, trip.conduct, model);
  if (!delivery.ok()) return delivery.status();
  for (int earlier = delivery->sent_before ? 1 : 0; earlier >= 0; --earlier) {
    Stamp(order, world.now_us(), *delivery);
    if (earlier == 0) break;
    if (const auto first = world.submit(delivery->request); !first.ok()) return first.status();
  }
  const absl::StatusOr<v1::SensingQualityScore> score = world.submit(delivery->request);
  if (!score.ok() && !absl::IsInvalidArgument(score.status())) return score.status();
  Outcome outcome;
  outcome.conduct = trip.conduct;
  outcome.agreed = order.quality;
  outcome.true_quality = delivery->true_quality;
  if (!score.ok()) return outcome;
  outcome.scored = score->quality();
  outcome.paid = IsPaid(score->quality_lower(), ToleranceOf(plan, model), item.quality_micros);
  outcome.reward = outcome.paid ? static_cast<double>(item.reward_micros) / kMicro : 0.0;
  return outcome;
}

}  // namespace

double ToleranceOf(const SensingPlan& plan, const quality::QualityModel& model) {
  return plan.tolerance.value_or(std::min(1.0, model.margin + kSlack));
}

absl::StatusOr<std::vector<SensingTally>> RunSensing(const std::vector<FleetMarket>& fleet,
                                                     const std::vector<MenuSource>& methods,
                                                     const quality::QualityModel& model, const SensingPlan& plan,
                                                     const SensingWorld& world) {
  const std::vector<Errand> errands = Interleave(fleet);
  std::vector<SensingTally> tallies(methods.size());
  const std::size_t count = std::min(errands.size(), static_cast<std::size_t>(plan.deliveries));
  for (std::size_t v = 0; v < count; ++v) {
    const Trip trip = TripOf(v, plan);
    const absl::StatusOr<cv::Mat> frame = world.frame(v);
    if (!frame.ok()) return frame.status();
    const auto& [market, type] = errands[v];
    for (std::size_t m = 0; m < methods.size(); ++m) {
      const absl::StatusOr<contract::PostedMenu> menu = methods[m](*market, 0);
      if (!menu.ok()) return menu.status();
      const int choice = ChooseItem(market->market, *menu, market->market.cost_types()[static_cast<std::size_t>(type)]);
      if (choice == kOptOut) continue;
      const contract::PostedItem& item = (*menu)[choice];
      const Order order = {absl::StrCat(plan.run_id, "/menu-", m, "/vehicle-", v), trip.latitude, trip.longitude,
                           static_cast<double>(item.quality_micros) / kMicro, trip.seed};
      const absl::StatusOr<Outcome> outcome = Deliver(item, trip, order, *frame, model, plan, world);
      if (!outcome.ok()) return outcome.status();
      tallies[m].Add(*outcome);
    }
  }
  return tallies;
}

}  // namespace giot::client
