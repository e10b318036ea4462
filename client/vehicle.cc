#include "client/vehicle.h"

#include <cstddef>

#include "absl/random/discrete_distribution.h"

namespace giot::client {
namespace {

constexpr double kMicro = 1e6;

// In micro-units, as Audit compares posted items: whole rewards stay exact.
double UtilityMicros(const contract::ScreeningMarket& market, const contract::PostedItem& item, double cost_type) {
  const double cost = market.Cost(static_cast<double>(item.quality_micros) / kMicro) * kMicro;
  return static_cast<double>(item.reward_micros) - cost_type * cost;
}

}  // namespace

double VehicleUtility(const contract::ScreeningMarket& market, const contract::PostedItem& item, double cost_type) {
  return UtilityMicros(market, item, cost_type) / kMicro;
}

int ChooseItem(const contract::ScreeningMarket& market, const contract::PostedMenu& menu, double cost_type) {
  int choice = kOptOut;
  double best = 0.0;
  for (int j = 0; j < menu.size(); ++j) {
    const double utility = UtilityMicros(market, menu[j], cost_type);
    if (choice == kOptOut ? utility >= best : utility > best) {
      choice = j;
      best = utility;
    }
  }
  return choice;
}

bool IsTruthful(const contract::PostedMenu& menu, int type, int choice) {
  const bool served = type < menu.size();
  if (!served || choice == kOptOut) return !served && choice == kOptOut;
  return menu[choice] == menu[type];
}

std::vector<int> DrawTypes(const contract::ScreeningMarket& market, int count, absl::BitGenRef random) {
  const auto probabilities = market.probabilities();
  absl::discrete_distribution<int> type(probabilities.begin(), probabilities.end());
  std::vector<int> types(static_cast<std::size_t>(count));
  for (int& drawn : types) drawn = type(random);
  return types;
}

}  // namespace giot::client
