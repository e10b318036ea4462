#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gtest/gtest.h"
#include "models/contract/exact.h"
#include "tests/models/contract/market_fixture.h"

namespace giot::contract {
namespace {

TEST(GoldenMarketsTest, ExactOptimumAndFirstBestMatchAllOfThem) {
  std::ifstream file(GIOT_GOLDEN_DIR "/base_market_optimum.json");
  ASSERT_TRUE(file.good());
  const nlohmann::json markets = nlohmann::json::parse(file).at("markets");
  ASSERT_EQ(markets.size(), 200U);
  for (const nlohmann::json& golden : markets) {
    MarketFixture fixture;
    fixture.cost_types = golden.at("cost_types").get<std::vector<double>>();
    fixture.probabilities = golden.at("probabilities").get<std::vector<double>>();
    fixture.value_scale = golden.at("value_scale");
    fixture.value_rate = golden.at("value_rate");
    fixture.cost_curvature = golden.at("cost_curvature");
    fixture.quality_min = golden.at("quality_min");
    fixture.quality_max = golden.at("quality_max");
    if (!golden.at("budget_per_vehicle").is_null()) fixture.budget = golden.at("budget_per_vehicle").get<double>();
    const absl::StatusOr<ScreeningMarket> market = fixture.Create();
    ASSERT_TRUE(market.ok()) << market.status();

    const ExactSolution exact = SolveExact(*market);
    EXPECT_NEAR(exact.utility_per_vehicle, golden.at("optimal_utility_per_vehicle").get<double>(), 1e-9);
    EXPECT_NEAR(FirstBestUtility(*market), golden.at("first_best_utility_per_vehicle").get<double>(), 1e-9);
    EXPECT_EQ(exact.ironed, golden.at("ironed").get<bool>());
    EXPECT_EQ(exact.budget_binds, golden.at("budget_binds").get<bool>());
    for (int k = 0; k < exact.menu.size(); ++k) {
      const auto type = static_cast<std::size_t>(k);
      EXPECT_NEAR(exact.menu[k].quality, golden.at("optimal_quality")[type].get<double>(), 1e-7);
      EXPECT_NEAR(exact.menu[k].reward, golden.at("optimal_reward")[type].get<double>(), 1e-7);
    }
  }
}

}  // namespace
}  // namespace giot::contract
