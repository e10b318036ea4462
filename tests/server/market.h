#pragma once

#include <initializer_list>

#include "giot/v1/contract.pb.h"

namespace giot {

// A request for a market that the test bundle's ranges cover.
inline v1::GenerateContractRequest GoodRequest() {
  v1::GenerateContractRequest request;
  v1::ScreeningMarket& market = *request.mutable_screening();
  for (const double theta : {0.3, 0.6, 1.0}) market.add_cost_types(theta);
  for (const double p : {0.3, 0.3, 0.4}) market.add_probabilities(p);
  market.set_value_scale(1.2);
  market.set_value_rate(12.0);
  market.set_cost_curvature(0.5);
  market.set_quality_min(0.05);
  market.set_vehicles(10);
  request.set_seed(1);
  return request;
}

// The same for the other families.
inline v1::GenerateContractRequest UncertainRequest() {
  v1::GenerateContractRequest request;
  v1::UncertainMarket& market = *request.mutable_uncertain();
  for (const double theta : {0.3, 0.6, 1.0}) market.add_cost_types(theta);
  for (const double p : {0.3, 0.3, 0.4}) market.add_probabilities(p);
  market.set_value_rate(12.0);
  market.set_cost_curvature(0.5);
  market.set_vehicles(20);
  market.set_coverage_value(0.5);
  market.set_threshold_value(0.9);
  market.set_threshold(0.3);
  market.set_threshold_width(0.04);
  market.set_outside_option(0.1);
  market.set_participation_noise(0.05);
  request.set_seed(1);
  return request;
}

// Five sensing costs by five update costs.
inline v1::GenerateContractRequest FreshnessRequest() {
  v1::GenerateContractRequest request;
  v1::FreshnessMarket& market = *request.mutable_freshness();
  for (const double theta : {0.3, 0.5, 0.7, 0.85, 1.0}) {
    for (const double delta : {0.2, 0.3, 0.45, 0.6, 0.7}) {
      market.add_sensing_costs(theta);
      market.add_update_costs(delta);
      market.add_probabilities(0.04);
    }
  }
  market.set_value_scale(1.6);
  market.set_value_rate(10.0);
  market.set_staleness_rate(0.3);
  market.set_vehicles(10);
  request.set_seed(1);
  return request;
}

}  // namespace giot
