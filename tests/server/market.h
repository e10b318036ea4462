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

}  // namespace giot
