#include "client/conversion.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace giot::client {

v1::ScreeningMarket ToProto(const contract::ScreeningMarketSpec& spec) {
  v1::ScreeningMarket message;
  message.mutable_cost_types()->Add(spec.cost_types.begin(), spec.cost_types.end());
  message.mutable_probabilities()->Add(spec.probabilities.begin(), spec.probabilities.end());
  message.set_value_scale(spec.value_scale);
  message.set_value_rate(spec.value_rate);
  message.set_cost_curvature(spec.cost_curvature);
  message.set_quality_min(spec.quality_min);
  message.set_quality_max(spec.quality_max);
  message.set_vehicles(spec.vehicles);
  if (spec.budget) message.set_budget(*spec.budget);
  message.set_allow_exclusion(spec.allow_exclusion);
  return message;
}

v1::ScreeningMarket ToProto(const contract::ScreeningMarket& market) {
  contract::ScreeningMarketSpec spec;
  spec.cost_types = market.cost_types();
  spec.probabilities = market.probabilities();
  spec.value_scale = market.value_scale();
  spec.value_rate = market.value_rate();
  spec.cost_curvature = market.cost_curvature();
  spec.quality_min = market.quality_min();
  spec.quality_max = market.quality_max();
  spec.vehicles = market.vehicles();
  if (market.budget_per_vehicle()) spec.budget = *market.budget_per_vehicle() * static_cast<double>(market.vehicles());
  spec.allow_exclusion = market.allow_exclusion();
  return ToProto(spec);
}

absl::StatusOr<contract::ScreeningMarket> MarketFromProto(const v1::ScreeningMarket& message) {
  contract::ScreeningMarketSpec spec;
  spec.cost_types = message.cost_types();
  spec.probabilities = message.probabilities();
  spec.value_scale = message.value_scale();
  spec.value_rate = message.value_rate();
  spec.cost_curvature = message.cost_curvature();
  spec.quality_min = message.quality_min();
  if (message.has_quality_max()) spec.quality_max = message.quality_max();
  if (message.has_vehicles()) spec.vehicles = message.vehicles();
  if (message.has_budget()) spec.budget = message.budget();
  spec.allow_exclusion = message.allow_exclusion();
  return contract::ScreeningMarket::Create(spec);
}

absl::StatusOr<contract::PostedMenu> MenuFromProto(const v1::GenerateContractResponse& message) {
  if (message.menu_size() < 1 || message.menu_size() > contract::kMaxTypes) {
    return absl::DataLossError(
        absl::StrCat("menu: got ", message.menu_size(), " items, want 1 to ", contract::kMaxTypes));
  }
  contract::PostedMenu menu(message.menu_size());
  for (int k = 0; k < menu.size(); ++k) {
    menu[k] = {.quality_micros = message.menu(k).quality_micros(), .reward_micros = message.menu(k).reward_micros()};
  }
  return menu;
}

}  // namespace giot::client
