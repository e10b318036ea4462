#include "client/sensing_fleet.h"

#include <algorithm>
#include <cstddef>
#include <random>

#include "absl/random/distributions.h"
#include "absl/strings/str_cat.h"
#include "client/delivery.h"
#include "client/frame_encoding.h"
#include "client/own_scorer.h"
#include "client/vehicle.h"
#include "models/detection/vehicle_detector.h"

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

// A vehicle's frame, and what can be made of it.
struct View {
  cv::Mat frame;
  // The most that may be agreed on for it.
  std::int64_t reach_micros = 0;
  std::vector<cv::Rect2d> vehicles;
};

absl::StatusOr<View> Look(const Trip& trip, const quality::QualityModel& model, const PaymentTerms& terms,
                          const SensingWorld& world) {
  absl::StatusOr<cv::Mat> frame = world.frame(trip.vehicle);
  if (!frame.ok()) return frame.status();
  View view;
  view.frame = *std::move(frame);
  OwnScorer scorer(model, view.frame.size(), terms.Allowance());
  view.reach_micros = static_cast<std::int64_t>(scorer.SureQuality(view.frame) * kMicro);
  if (!scorer.status().ok()) return scorer.status();
  if (world.find) view.vehicles = world.find(view.frame);
  return view;
}

contract::PostedMenu ItemsUpTo(const contract::PostedMenu& menu, std::int64_t quality_micros) {
  int size = 0;
  contract::PostedMenu kept(menu.size());
  for (const contract::PostedItem& item : menu.items()) {
    if (item.quality_micros <= quality_micros) kept[size++] = item;
  }
  contract::PostedMenu result(size);
  for (int i = 0; i < size; ++i) result[i] = kept[i];
  return result;
}

// What a vehicle agrees on.
struct Agreement {
  contract::PostedItem item;
  bool settled = false;  // For less than suited it best.
};

// Nullopt where no item suits it, which is counted where that is for its camera.
std::optional<Agreement> Agree(const Errand& errand, const contract::PostedMenu& menu, const Trip& trip,
                               const View& view, SensingTally& tally) {
  const contract::ScreeningMarket& market = errand.market->market;
  const double cost_type = market.cost_types()[static_cast<std::size_t>(errand.type)];
  const int best = ChooseItem(market, menu, cost_type);
  if (best == kOptOut) return std::nullopt;
  if (trip.conduct != Conduct::kHonest || menu[best].quality_micros <= view.reach_micros) {
    return Agreement{menu[best], false};
  }
  const contract::PostedMenu within_reach = ItemsUpTo(menu, view.reach_micros);
  const int next = ChooseItem(market, within_reach, cost_type);
  if (next != kOptOut) return Agreement{within_reach[next], true};
  tally.AddDeclined();
  return std::nullopt;
}

// How many of the vehicles on the frame are found, at their places, on what was sent.
absl::StatusOr<double> CountFound(const View& view, const std::string& jpeg, const SensingWorld& world) {
  const absl::StatusOr<cv::Mat> image = DecodeFrame(jpeg);
  if (!image.ok()) return image.status();
  const std::vector<cv::Rect2d> finds = world.find(*image);
  // F1 is 2 x matches / (finds + expected).
  return 0.5 * detection::MatchF1(finds, view.vehicles).value_or(0.0) *
         static_cast<double>(finds.size() + view.vehicles.size());
}

absl::StatusOr<Outcome> Deliver(const Agreement& agreement, const Trip& trip, const Order& order, const View& view,
                                const quality::QualityModel& model, const PaymentTerms& terms,
                                const SensingWorld& world) {
  absl::StatusOr<Delivery> delivery = Prepare(view.frame, order, trip.conduct, model);
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
  outcome.settled = agreement.settled;
  outcome.true_quality = delivery->true_quality;
  if (!score.ok()) return outcome;
  outcome.scored = score->quality();
  outcome.paid = IsPaid(*score, terms, agreement.item.quality_micros);
  if (!outcome.paid) return outcome;
  outcome.reward = static_cast<double>(agreement.item.reward_micros) / kMicro;
  if (!world.find) return outcome;
  const absl::StatusOr<double> found = CountFound(view, delivery->request.image(), world);
  if (!found.ok()) return found.status();
  outcome.found = *found;
  return outcome;
}

}  // namespace

PaymentTerms TermsOf(const SensingPlan& plan, const quality::QualityModel& model) {
  return {plan.delta.value_or(std::min(1.0, model.margin + kAllowance)), model.margin};
}

absl::StatusOr<std::vector<SensingTally>> RunSensing(const std::vector<FleetMarket>& fleet,
                                                     const std::vector<MenuSource>& methods,
                                                     const quality::QualityModel& model, const SensingPlan& plan,
                                                     const SensingWorld& world) {
  const std::vector<Errand> errands = Interleave(fleet);
  std::vector<SensingTally> tallies(methods.size());
  const std::size_t count = std::min(errands.size(), static_cast<std::size_t>(plan.deliveries));
  const PaymentTerms terms = TermsOf(plan, model);
  for (std::size_t v = 0; v < count; ++v) {
    const Trip trip = TripOf(v, plan);
    const absl::StatusOr<View> view = Look(trip, model, terms, world);
    if (!view.ok()) return view.status();
    for (std::size_t m = 0; m < methods.size(); ++m) {
      const absl::StatusOr<contract::PostedMenu> menu = methods[m](*errands[v].market, 0);
      if (!menu.ok()) return menu.status();
      const std::optional<Agreement> agreement = Agree(errands[v], *menu, trip, *view, tallies[m]);
      if (!agreement) continue;
      const Order order = {.source_id = absl::StrCat(plan.run_id, "/menu-", m, "/vehicle-", v),
                           .latitude = trip.latitude,
                           .longitude = trip.longitude,
                           .quality = static_cast<double>(agreement->item.quality_micros) / kMicro,
                           .allowance = terms.Allowance(),
                           .seed = trip.seed};
      const absl::StatusOr<Outcome> outcome = Deliver(*agreement, trip, order, *view, model, terms, world);
      if (!outcome.ok()) return outcome.status();
      tallies[m].Add(*outcome);
    }
  }
  return tallies;
}

}  // namespace giot::client
