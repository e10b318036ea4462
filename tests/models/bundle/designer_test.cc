#include "models/bundle/designer.h"

#include <cmath>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/contract/audit.h"
#include "models/contract/feasible_decode.h"
#include "models/contract/market_sampler.h"
#include "models/contract/pack.h"
#include "models/policy/noise.h"
#include "tests/models/bundle/scratch.h"
#include "tests/models/bundle/test_bundle.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;

class DesignerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "designer";
    std::filesystem::remove_all(root);
    bundle_ = *Bundle::Load(WriteTestBundle(root));
  }
  static void TearDownTestSuite() { bundle_.reset(); }

  contract::ScreeningMarket Market(int types, double budget_share = 0.5) {
    contract::MarketDistribution distribution;
    distribution.types_min = distribution.types_max = types;
    distribution.budget_share = budget_share;
    return contract::SampleMarket(distribution, random_);
  }

  static std::shared_ptr<const Bundle> bundle_;
  std::mt19937_64 random_{11};
};

std::shared_ptr<const Bundle> DesignerTest::bundle_;

// The definition, step by step: chain n runs on stream n, is decoded on the
// served types, and its utility is summed over the whole market.
std::vector<double> UtilitiesByHand(const Bundle& bundle, const contract::ScreeningMarket& market, int served,
                                    const DesignOptions& options) {
  const contract::ScreeningMarket prefix = *market.Prefix(served);
  const auto types = static_cast<std::size_t>(served);
  std::vector<double> utilities;
  for (int n = 0; n < options.samples; ++n) {
    std::vector<float> noise(types * static_cast<std::size_t>(bundle.manifest().steps));
    policy::FillGaussian(options.seed, static_cast<std::uint64_t>(n), absl::MakeSpan(noise));
    std::vector<float> levels(types);
    EXPECT_TRUE(bundle.runner().Run(contract::Pack(prefix), noise, 1, absl::MakeSpan(levels)).ok());
    const contract::Menu menu = contract::DecodeLevels(prefix, std::vector<double>(levels.begin(), levels.end()));
    utilities.push_back(contract::Audit(market, menu).utility_per_vehicle);
  }
  return utilities;
}

TEST_F(DesignerTest, KeepsTheBestOfItsSamplesAndTellsTheirSpread) {
  for (const int samples : {1, 5, 16, 40}) {
    const contract::ScreeningMarket market = Market(6);
    const DesignOptions options{samples, 99};
    const auto design = DesignMenu(*bundle_, market, 6, options);
    ASSERT_TRUE(design.ok()) << design.status();
    const std::vector<double> utilities = UtilitiesByHand(*bundle_, market, 6, options);
    double best = utilities[0];
    double mean = 0.0;
    double squares = 0.0;
    for (const double utility : utilities) {
      best = std::max(best, utility);
      mean += utility / samples;
    }
    for (const double utility : utilities) squares += (utility - mean) * (utility - mean);
    EXPECT_NEAR(design->utility_per_vehicle, best, 1e-6 * std::abs(best));
    EXPECT_NEAR(design->utility_spread, std::sqrt(squares / samples), 1e-6);
    EXPECT_NEAR(contract::Audit(market, design->menu).utility_per_vehicle, design->utility_per_vehicle, 1e-12);
  }
}

TEST_F(DesignerTest, MenuIsFeasibleInTheMarketsOwnMoney) {
  for (int i = 0; i < 200; ++i) {
    const contract::ScreeningMarket market = Market(2 + i % 15);
    const auto design = DesignMenu(*bundle_, market, market.types(), {.samples = 2, .seed = 5});
    ASSERT_TRUE(design.ok()) << design.status();
    EXPECT_TRUE(contract::Audit(market, design->menu).Feasible(1e-12));
  }
}

TEST_F(DesignerTest, SameSeedSameMenu) {
  const contract::ScreeningMarket market = Market(7, 0.0);
  const auto first = DesignMenu(*bundle_, market, 7, {.samples = 3, .seed = 21});
  const auto second = DesignMenu(*bundle_, market, 7, {.samples = 3, .seed = 21});
  const auto other = DesignMenu(*bundle_, market, 7, {.samples = 3, .seed = 22});
  ASSERT_TRUE(first.ok() && second.ok() && other.ok());
  EXPECT_EQ(first->utility_per_vehicle, second->utility_per_vehicle);
  for (int k = 0; k < 7; ++k) EXPECT_EQ(first->menu[k].reward, second->menu[k].reward);
  EXPECT_NE(first->utility_per_vehicle, other->utility_per_vehicle);
}

TEST_F(DesignerTest, MoreSamplesAreNeverWorse) {
  const contract::ScreeningMarket market = Market(10);
  double best = -1e300;
  for (const int samples : {1, 2, 17, 64}) {
    const auto design = DesignMenu(*bundle_, market, 10, {.samples = samples, .seed = 1});
    ASSERT_TRUE(design.ok()) << design.status();
    // Chains in another company may differ in the last bits.
    EXPECT_GE(design->utility_per_vehicle, best - 1e-6 * std::abs(best));
    best = design->utility_per_vehicle;
  }
}

TEST_F(DesignerTest, ServesOnlyTheCheapestTypesThatWereAskedFor) {
  const contract::ScreeningMarket market = Market(9, 0.0);
  const auto design = DesignMenu(*bundle_, market, 4, {});
  ASSERT_TRUE(design.ok()) << design.status();
  EXPECT_EQ(design->menu.size(), 4);
  EXPECT_NEAR(design->utility_per_vehicle, UtilitiesByHand(*bundle_, market, 4, {})[0], 1e-9);
}

TEST_F(DesignerTest, ScalingMoneyScalesTheRewardsAlone) {
  const std::vector<double> probabilities = {0.3, 0.3, 0.4};
  contract::Menu menus[2];
  for (const double unit : {1.0, 1000.0}) {
    const std::vector<double> types = {0.4 * unit, 0.7 * unit, unit};
    contract::ScreeningMarketSpec spec;
    spec.cost_types = types;
    spec.probabilities = probabilities;
    spec.value_scale = unit;
    spec.value_rate = 12.0;
    spec.quality_min = 0.05;
    spec.budget = 0.4 * unit;
    const auto design = DesignMenu(*bundle_, *contract::ScreeningMarket::Create(spec), 3, {});
    ASSERT_TRUE(design.ok()) << design.status();
    menus[unit == 1.0 ? 0 : 1] = design->menu;
  }
  for (int k = 0; k < 3; ++k) {
    EXPECT_NEAR(menus[1][k].quality, menus[0][k].quality, 1e-6);
    EXPECT_NEAR(menus[1][k].reward, 1000.0 * menus[0][k].reward, 1e-3);
  }
}

TEST_F(DesignerTest, CancellationIsAskedBetweenChunks) {
  const contract::ScreeningMarket market = Market(5);
  int asked = 0;
  const auto design = DesignMenu(*bundle_, market, 5, {.samples = 1000}, [&] { return ++asked == 3; });
  EXPECT_EQ(design.status().code(), StatusCode::kCancelled);
  EXPECT_EQ(asked, 3);
}

TEST_F(DesignerTest, ArgumentsOutOfRangeAreInvalid) {
  const contract::ScreeningMarket market = Market(5);
  EXPECT_EQ(DesignMenu(*bundle_, market, 1, {}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(DesignMenu(*bundle_, market, 6, {}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(DesignMenu(*bundle_, market, 5, {.samples = 0}).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::bundle
