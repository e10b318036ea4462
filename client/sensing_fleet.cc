#include "client/sensing_fleet.h"

#include <algorithm>
#include <cstddef>
#include <random>
#include <utility>

#include "absl/random/distributions.h"
#include "absl/strings/str_cat.h"
#include "client/delivery.h"
#include "client/own_scorer.h"
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

absl::StatusOr<Deal> Close(const FleetMarket& market, const contract::PostedMenu& menu, const Agreement& agreement,
                           const Trip& trip, const View& view, const std::string& source_id,
                           const quality::QualityModel& model, const PaymentTerms& terms) {
  Deal deal = {.market = &market,
               .menu = menu,
               .item = agreement.item,
               .conduct = trip.conduct,
               .settled_for_less = agreement.settled,
               .order = {.source_id = source_id,
                         .latitude = trip.latitude,
                         .longitude = trip.longitude,
                         .quality = static_cast<double>(agreement.item.quality_micros) / kMicro,
                         .allowance = terms.Allowance(),
                         .seed = trip.seed},
               .delivery = {},
               .vehicles = view.vehicles};
  absl::StatusOr<Delivery> delivery = Prepare(view.frame, deal.order, trip.conduct, model);
  if (!delivery.ok()) return delivery.status();
  deal.delivery = *std::move(delivery);
  return deal;
}

// Sends what a deal promised, a replay twice.
absl::StatusOr<Outcome> Deliver(Deal& deal, const PaymentTerms& terms, const SensingWorld& world) {
  for (int earlier = deal.delivery.sent_before ? 1 : 0; earlier >= 0; --earlier) {
    Stamp(deal.order, world.now_us(), deal.delivery);
    if (earlier == 0) break;
    if (const auto first = world.submit(deal.delivery.request); !first.ok()) return first.status();
  }
  const absl::StatusOr<v1::SensingQualityScore> score = world.submit(deal.delivery.request);
  if (!score.ok() && !absl::IsInvalidArgument(score.status())) return score.status();
  if (!score.ok()) return OutcomeOf(deal, std::nullopt, false, world.find);
  return OutcomeOf(deal, *score, IsPaid(*score, terms, deal.item.quality_micros), world.find);
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
      const std::string source_id = absl::StrCat(plan.run_id, "/menu-", m, "/vehicle-", v);
      absl::StatusOr<Deal> deal = Close(*errands[v].market, *menu, *agreement, trip, *view, source_id, model, terms);
      if (!deal.ok()) return deal.status();
      if (m == 0 && world.hand_over) {
        world.hand_over(*std::move(deal));
        continue;
      }
      const absl::StatusOr<Outcome> outcome = Deliver(*deal, terms, world);
      if (!outcome.ok()) return outcome.status();
      tallies[m].Add(*outcome);
    }
  }
  return tallies;
}

}  // namespace giot::client
