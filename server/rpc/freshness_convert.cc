#include "server/rpc/freshness_convert.h"

#include "server/rpc/convert.h"

namespace giot::rpc {

absl::StatusOr<freshness::FreshnessMarket> MarketFrom(const v1::FreshnessMarket& message) {
  freshness::FreshnessMarketSpec spec;
  spec.sensing_costs = message.sensing_costs();
  spec.update_costs = message.update_costs();
  spec.probabilities = message.probabilities();
  spec.value_scale = message.value_scale();
  spec.value_rate = message.value_rate();
  spec.staleness_rate = message.staleness_rate();
  if (message.has_vehicles()) spec.vehicles = message.vehicles();
  absl::StatusOr<freshness::FreshnessMarket> market = freshness::FreshnessMarket::Create(spec);
  if (!market.ok()) return InMarket("freshness", market.status());
  return market;
}

void ToProto(const engine::FreshnessAnswer& answer, const freshness::FreshnessMarket& market,
             v1::GenerateContractResponse& response) {
  response.mutable_menu()->Reserve(answer.menu.size());
  for (const freshness::PostedItem& item : answer.menu.items()) {
    v1::ContractItem* to = response.add_menu();
    to->set_quality_micros(item.quality_micros);
    to->set_update_rate_micros(item.update_rate_micros);
    to->set_reward_micros(item.reward_micros);
  }
  static_assert(freshness::kOptsOut == -1, "what contract.proto says");
  response.mutable_choice()->Reserve(market.types());
  for (int t = 0; t < market.types(); ++t) response.add_choice(answer.menu.choice(t));
  ToProto(answer.certificate, static_cast<double>(market.vehicles()), *response.mutable_certificate());
  ToProto(answer.timings, *response.mutable_timings());
}

}  // namespace giot::rpc
