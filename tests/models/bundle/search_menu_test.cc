#include <random>

#include "gtest/gtest.h"
#include "models/bundle/anytime_designer.h"
#include "models/freshness/audit.h"
#include "models/freshness/market_sampler.h"
#include "models/freshness/upper_bound.h"
#include "models/uncertain/audit.h"
#include "models/uncertain/market_sampler.h"

namespace giot::bundle {
namespace {

search::Budget Evaluations(std::int64_t evaluations) {
  search::Budget budget;
  budget.evaluations = evaluations;
  return budget;
}

TEST(SearchMenuTest, UncertainMenuIsFeasibleAndGetsBetterWithTheBudget) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10; ++i) {
    const uncertain::UncertainMarket market = uncertain::SampleMarket({}, random);
    const uncertain::Scenarios scenarios(market);
    const UncertainDesign design = SearchMenu(market, scenarios, Evaluations(500), 1);
    const uncertain::AuditReport audit = uncertain::Audit(market, scenarios, design.menu);
    EXPECT_TRUE(audit.Feasible(1e-12 * market.cost_types().back()));
    EXPECT_NEAR(audit.utility_per_vehicle, design.utility_per_vehicle, 1e-12);
    EXPECT_LE(design.evaluations, 500);
    EXPECT_GT(design.utility_per_vehicle, SearchMenu(market, scenarios, Evaluations(1), 1).utility_per_vehicle);
  }
}

TEST(SearchMenuTest, FreshnessMenuIsFeasibleAndGetsBetterWithTheBudget) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 10; ++i) {
    const freshness::FreshnessMarket market = freshness::SampleMarket({}, random);
    const FreshnessDesign design = SearchMenu(market, Evaluations(1000), 1);
    const freshness::AuditReport audit = freshness::Audit(market, design.menu);
    EXPECT_TRUE(audit.Feasible(1e-12 * market.money_scale()));
    EXPECT_NEAR(audit.utility_per_vehicle, design.utility_per_vehicle, 1e-12);
    EXPECT_LE(design.utility_per_vehicle, freshness::FirstBestUtility(market));
    EXPECT_LE(design.evaluations, 1000);
    EXPECT_GT(design.utility_per_vehicle, SearchMenu(market, Evaluations(2), 1).utility_per_vehicle);
  }
}

TEST(SearchMenuTest, SameSeedAndEvaluationsSameMenu) {
  std::mt19937_64 random(3);
  const freshness::FreshnessMarket market = freshness::SampleMarket({}, random);
  const FreshnessDesign first = SearchMenu(market, Evaluations(400), 5);
  const FreshnessDesign second = SearchMenu(market, Evaluations(400), 5);
  EXPECT_EQ(first.utility_per_vehicle, second.utility_per_vehicle);
  ASSERT_EQ(first.menu.size(), second.menu.size());
  for (int j = 0; j < first.menu.size(); ++j) EXPECT_EQ(first.menu[j].reward, second.menu[j].reward);
}

TEST(SearchMenuTest, BothHalvesOfAFreshnessSearchHaveTime) {
  std::mt19937_64 random(4);
  const freshness::FreshnessMarket market = freshness::SampleMarket({}, random);
  std::chrono::steady_clock::time_point now{};
  search::Budget budget;
  budget.clock = [&now] { return now += std::chrono::milliseconds(1); };
  budget.deadline = now + std::chrono::milliseconds(400);
  const FreshnessDesign design = SearchMenu(market, budget, 1);
  EXPECT_GT(design.evaluations, 200) << "more than one half could have";
  EXPECT_LE(design.evaluations, 400);
}

TEST(SearchMenuTest, DeadlineThatHasPassedStillHasAnAnswer) {
  std::mt19937_64 random(5);
  search::Budget none;
  none.deadline = std::chrono::steady_clock::time_point::min();
  const uncertain::UncertainMarket uncertain = uncertain::SampleMarket({}, random);
  const uncertain::Scenarios scenarios(uncertain);
  const UncertainDesign design = SearchMenu(uncertain, scenarios, none, 1);
  EXPECT_TRUE(uncertain::Audit(uncertain, scenarios, design.menu).Feasible(1e-12));
  EXPECT_EQ(design.evaluations, 1);
  const freshness::FreshnessMarket freshness = freshness::SampleMarket({}, random);
  EXPECT_TRUE(freshness::Audit(freshness, SearchMenu(freshness, none, 1).menu).Feasible(1e-12));
}

}  // namespace
}  // namespace giot::bundle
