#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/conversion.h"

namespace giot::client {

v1::FreshnessMarket ToProto(const freshness::FreshnessMarket& market) {
  v1::FreshnessMarket message;
  message.mutable_sensing_costs()->Add(market.sensing_costs().begin(), market.sensing_costs().end());
  message.mutable_update_costs()->Add(market.update_costs().begin(), market.update_costs().end());
  message.mutable_probabilities()->Add(market.probabilities().begin(), market.probabilities().end());
  message.set_value_scale(market.value_scale());
  message.set_value_rate(market.value_rate());
  message.set_staleness_rate(market.staleness_rate());
  message.set_vehicles(market.vehicles());
  return message;
}

absl::StatusOr<freshness::FreshnessMarket> MarketFromProto(const v1::FreshnessMarket& message) {
  freshness::FreshnessMarketSpec spec;
  spec.sensing_costs = message.sensing_costs();
  spec.update_costs = message.update_costs();
  spec.probabilities = message.probabilities();
  spec.value_scale = message.value_scale();
  spec.value_rate = message.value_rate();
  spec.staleness_rate = message.staleness_rate();
  if (message.has_vehicles()) spec.vehicles = message.vehicles();
  return freshness::FreshnessMarket::Create(spec);
}

absl::StatusOr<freshness::PostedMenu> FreshnessMenuFromProto(const v1::GenerateContractResponse& message, int types) {
  if (message.menu_size() > freshness::kMaxItems) {
    return absl::DataLossError(
        absl::StrCat("menu: got ", message.menu_size(), " items, want at most ", freshness::kMaxItems));
  }
  if (message.choice_size() != types) {
    return absl::DataLossError(
        absl::StrCat("choice: got ", message.choice_size(), ", want one for each of ", types, " types"));
  }
  freshness::PostedMenu menu(message.menu_size());
  for (int j = 0; j < menu.size(); ++j) {
    const v1::ContractItem& item = message.menu(j);
    menu[j] = {item.quality_micros(), item.update_rate_micros(), item.reward_micros()};
  }
  for (int t = 0; t < types; ++t) {
    const int choice = message.choice(t);
    if (choice < freshness::kOptsOut || choice >= menu.size()) {
      return absl::DataLossError(
          absl::StrCat("choice[", t, "]: got ", choice, ", want -1 or an item below ", menu.size()));
    }
    menu.set_choice(t, choice);
  }
  return menu;
}

}  // namespace giot::client
