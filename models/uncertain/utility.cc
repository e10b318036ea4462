#include "models/uncertain/utility.h"

#include <array>
#include <cstddef>

#include "models/uncertain/coverage_kernel.h"

namespace giot::uncertain {
namespace {

using Row = std::array<double, kMaxTypes>;

struct Participants {
  Row share{};      // pi_k
  Row delivered{};  // pi_k q_k
  double pay = 0.0;
};

Participants WhoTakesPart(const UncertainMarket& market, const contract::Menu& menu) {
  Participants result;
  for (std::size_t k = 0; k < static_cast<std::size_t>(market.types()); ++k) {
    const contract::Item& item = menu[static_cast<int>(k)];
    const double rent = item.reward - market.cost_types()[k] * market.Cost(item.quality);
    result.share[k] = market.Participation(rent);
    result.delivered[k] = result.share[k] * item.quality;
    result.pay += market.probabilities()[k] * result.share[k] * item.reward;
  }
  return result;
}

double MeanValue(const UncertainMarket& market, const Scenarios& scenarios, const Row& delivered, double* gradient) {
  const CoverageCurve curve{market.value_rate(), market.coverage_value(), market.threshold_value(), market.threshold(),
                            1.0 / market.threshold_width()};
  return MeanCoverageValue(curve, scenarios.Weights(0).data(), delivered.data(), market.types(), gradient);
}

}  // namespace

double Utility(const UncertainMarket& market, const Scenarios& scenarios, const contract::Menu& menu) {
  const Participants participants = WhoTakesPart(market, menu);
  return MeanValue(market, scenarios, participants.delivered, nullptr) - participants.pay;
}

double UtilityAndGradient(const UncertainMarket& market, const Scenarios& scenarios, const contract::Menu& menu,
                          MenuGradient& gradient) {
  const Participants participants = WhoTakesPart(market, menu);
  Row slope;  // Of the value with respect to what each type delivers.
  const double value = MeanValue(market, scenarios, participants.delivered, slope.data());
  for (std::size_t k = 0; k < static_cast<std::size_t>(market.types()); ++k) {
    const contract::Item& item = menu[static_cast<int>(k)];
    const double p = market.probabilities()[k];
    const double share = participants.share[k];
    const double marginal_cost = market.cost_types()[k] * (1.0 + market.cost_curvature() * item.quality);
    const double share_slope = share * (1.0 - share) / market.participation_noise();
    gradient.quality[k] = share * (slope[k] - p * marginal_cost);
    gradient.rent[k] = share_slope * (slope[k] * item.quality - p * item.reward) - p * share;
  }
  return value - participants.pay;
}

}  // namespace giot::uncertain
