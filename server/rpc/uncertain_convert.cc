#include "server/rpc/uncertain_convert.h"

#include "server/rpc/convert.h"

namespace giot::rpc {

absl::StatusOr<uncertain::UncertainMarket> MarketFrom(const v1::UncertainMarket& message) {
  uncertain::UncertainMarketSpec spec;
  spec.cost_types = message.cost_types();
  spec.probabilities = message.probabilities();
  spec.value_rate = message.value_rate();
  spec.cost_curvature = message.cost_curvature();
  if (message.has_vehicles()) spec.vehicles = message.vehicles();
  spec.coverage_value = message.coverage_value();
  spec.threshold_value = message.threshold_value();
  spec.threshold = message.threshold();
  spec.threshold_width = message.threshold_width();
  spec.outside_option = message.outside_option();
  spec.participation_noise = message.participation_noise();
  absl::StatusOr<uncertain::UncertainMarket> market = uncertain::UncertainMarket::Create(spec);
  if (!market.ok()) return InMarket("uncertain", market.status());
  return market;
}

void ToProto(const engine::UncertainAnswer& answer, const uncertain::UncertainMarket& market,
             v1::GenerateContractResponse& response) {
  response.mutable_menu()->Reserve(answer.menu.size());
  for (const contract::PostedItem& item : answer.menu.items()) {
    v1::ContractItem* to = response.add_menu();
    to->set_quality_micros(item.quality_micros);
    to->set_reward_micros(item.reward_micros);
  }
  ToProto(answer.certificate, static_cast<double>(market.vehicles()), *response.mutable_certificate());
  ToProto(answer.timings, *response.mutable_timings());
}

}  // namespace giot::rpc
