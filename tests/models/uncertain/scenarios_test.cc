#include "models/uncertain/scenarios.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"
#include "tests/models/uncertain/market_fixture.h"

namespace giot::uncertain {
namespace {

void ExpectSame(const Scenarios& a, const Scenarios& b) {
  ASSERT_EQ(a.types(), b.types());
  for (int k = 0; k < a.types(); ++k) EXPECT_EQ(a.Weights(k), b.Weights(k)) << "type " << k;
}

TEST(ScenariosTest, DependOnVehiclesAndProbabilitiesAlone) {
  MarketFixture fixture;
  const UncertainMarket market = *fixture.Create();
  fixture.cost_types = {1.0, 2.0, 4.0};
  fixture.coverage_value = 0.1;
  fixture.outside_option = 0.0;
  ExpectSame(Scenarios(market), Scenarios(*fixture.Create()));
  ExpectSame(Scenarios(market), Scenarios(fixture.Create()->Normalized()));
}

TEST(ScenariosTest, SurviveProbabilitiesThatAreDividedByTheirSumAgain) {
  MarketFixture fixture;
  fixture.probabilities = {0.3, 0.4, 0.3};
  const Scenarios scenarios(*fixture.Create());
  fixture.probabilities = {std::nextafter(0.3, 1.0), 0.4, std::nextafter(0.3, 0.0)};
  ExpectSame(scenarios, Scenarios(*fixture.Create()));
}

TEST(ScenariosTest, DifferForOtherVehiclesAndOtherProbabilities) {
  MarketFixture fixture;
  const Scenarios scenarios(*fixture.Create());
  fixture.vehicles = 21;
  EXPECT_NE(scenarios.Weights(0), Scenarios(*fixture.Create()).Weights(0));
  fixture.vehicles = 20;
  fixture.probabilities = {0.3, 0.40001, 0.29999};
  EXPECT_NE(scenarios.Weights(0), Scenarios(*fixture.Create()).Weights(0));
}

// Published figures rest on them.
TEST(ScenariosTest, AreTheSameOnEveryMachine) {
  MarketFixture fixture;
  const Scenarios few(*fixture.Create());
  EXPECT_NEAR(few.Weights(0)[0], 0.405502226565663, 1e-14);
  EXPECT_NEAR(few.Weights(0)[1], 0.14870346742226, 1e-14);
  EXPECT_NEAR(few.mean_weights()[2], 0.303470019141238, 1e-14);
  fixture.vehicles = 1000;
  const Scenarios many(*fixture.Create());
  EXPECT_NEAR(many.Weights(1)[0], 0.418298276752814, 1e-14);
  EXPECT_NEAR(many.Weights(1)[1], 0.554920938722762, 1e-14);
}

TEST(ScenariosTest, MeanWeightsAreThoseOfTheRows) {
  const Scenarios scenarios(*MarketFixture().Create());
  for (int k = 0; k < scenarios.types(); ++k) {
    double sum = 0.0;
    for (const double weight : scenarios.Weights(k)) sum += weight;
    EXPECT_NEAR(scenarios.mean_weights()[static_cast<std::size_t>(k)], sum / kScenarios, 1e-15);
  }
}

// E w = p, E w^2 = (p (1 - p) / M + p^2) e^.09 and E w_j w_k = p_j p_k (1 - 1 / M), as
// E g = 1 and E g^2 = e^.09 of a lognormal(-.045, .3).
TEST(ScenariosTest, HaveTheMomentsOfTheirDistribution) {
  MarketFixture fixture;
  double sum = 0.0;
  double squares = 0.0;
  double products = 0.0;
  constexpr int kMarkets = 400;  // All but alike, so their scenarios are independent.
  for (int i = 0; i < kMarkets; ++i) {
    fixture.probabilities = {0.3 + 1e-7 * i, 0.4, 0.3 - 1e-7 * i};
    const Scenarios scenarios(*fixture.Create());
    for (std::size_t s = 0; s < kScenarios; ++s) {
      const double w = scenarios.Weights(1)[s];
      sum += w;
      squares += w * w;
      products += w * scenarios.Weights(2)[s];
    }
  }
  constexpr double kDraws = kMarkets * kScenarios;
  EXPECT_NEAR(sum / kDraws / 0.4, 1.0, 5e-3);
  EXPECT_NEAR(squares / kDraws / ((0.4 * 0.6 / 20 + 0.16) * std::exp(0.09)), 1.0, 1e-2);
  EXPECT_NEAR(products / kDraws / (0.4 * 0.3 * 0.95), 1.0, 1e-2);
}

TEST(ScenariosTest, AMillionVehiclesLeaveOnlyTheDeliveryUncertain) {
  MarketFixture fixture;
  fixture.vehicles = kMaxVehicles;
  const Scenarios scenarios(*fixture.Create());
  double log_sum = 0.0;
  double log_squares = 0.0;
  for (int k = 0; k < 3; ++k) {
    for (const double weight : scenarios.Weights(k)) {
      const double log_delivery = std::log(weight / fixture.probabilities[static_cast<std::size_t>(k)]);
      log_sum += log_delivery;
      log_squares += log_delivery * log_delivery;
    }
  }
  const double mean = log_sum / (3 * kScenarios);
  EXPECT_NEAR(mean, -0.045, 0.03);
  EXPECT_NEAR(std::sqrt(log_squares / (3 * kScenarios) - mean * mean), 0.3, 0.03);
}

}  // namespace
}  // namespace giot::uncertain
