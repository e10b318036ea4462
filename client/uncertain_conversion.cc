#include "client/conversion.h"

namespace giot::client {

v1::UncertainMarket ToProto(const uncertain::UncertainMarket& market) {
  v1::UncertainMarket message;
  message.mutable_cost_types()->Add(market.cost_types().begin(), market.cost_types().end());
  message.mutable_probabilities()->Add(market.probabilities().begin(), market.probabilities().end());
  message.set_value_rate(market.value_rate());
  message.set_cost_curvature(market.cost_curvature());
  message.set_vehicles(market.vehicles());
  message.set_coverage_value(market.coverage_value());
  message.set_threshold_value(market.threshold_value());
  message.set_threshold(market.threshold());
  message.set_threshold_width(market.threshold_width());
  message.set_outside_option(market.outside_option());
  message.set_participation_noise(market.participation_noise());
  return message;
}

absl::StatusOr<uncertain::UncertainMarket> MarketFromProto(const v1::UncertainMarket& message) {
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
  return uncertain::UncertainMarket::Create(spec);
}

}  // namespace giot::client
