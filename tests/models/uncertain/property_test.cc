// Properties of markets with uncertain participation over random ones.

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/uncertain/audit.h"
#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/market_sampler.h"
#include "models/uncertain/menu_objective.h"
#include "models/uncertain/post.h"
#include "models/uncertain/upper_bound.h"
#include "models/uncertain/utility.h"

namespace giot::uncertain {
namespace {

constexpr double kRelative = 1e-12;  // Of the largest reward.

template <typename Check>
void ForEachMarket(std::uint64_t seed, int count, Check check) {
  std::mt19937_64 random(seed);
  const UncertainDistribution distribution;
  for (int i = 0; i < count; ++i) {
    const UncertainMarket market = SampleMarket(distribution, random);
    check(market, random);
    if (testing::Test::HasFatalFailure()) FAIL() << "market " << i << " of seed " << seed;
  }
}

double Uniform(double low, double high, std::mt19937_64& random) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

// Levels within their range, at its ends, beyond it, and not numbers.
std::vector<double> WildLevels(int types, std::mt19937_64& random) {
  std::vector<double> levels(static_cast<std::size_t>(kLevelChannels * types));
  for (double& level : levels) {
    level = Uniform(-1.0, 1.0, random);
    if (random() % 8 == 0) level = level > 0.0 ? 1.0 : -1.0;
    if (random() % 16 == 0) level *= 100.0;
    if (random() % 64 == 0) level = std::numeric_limits<double>::quiet_NaN();
  }
  return levels;
}

std::vector<double> TameLevels(int types, std::mt19937_64& random) {
  std::vector<double> levels(static_cast<std::size_t>(kLevelChannels * types));
  for (double& level : levels) level = Uniform(-1.0, 1.0, random);
  return levels;
}

// A good menu, by projected gradient ascent (Adam) from the middle of all levels,
// with the rents at downward incentive compatibility.
std::vector<double> ImprovedLevels(MenuObjective& objective, int steps) {
  const auto size = static_cast<std::size_t>(objective.dimension());
  std::vector<double> levels(size, 0.0);
  std::fill(levels.begin() + static_cast<std::ptrdiff_t>(size / 2), levels.end() - 1, -1.0);
  std::vector<double> gradient(size);
  std::vector<double> mean(size, 0.0);
  std::vector<double> square(size, 0.0);
  for (int step = 0; step < steps; ++step) {
    objective.ValueAndGradient(levels, absl::MakeSpan(gradient));
    const double rate = 0.2 * (1.0 - static_cast<double>(step) / steps);
    for (std::size_t i = 0; i < size; ++i) {
      mean[i] = 0.8 * mean[i] + 0.2 * gradient[i];
      square[i] = 0.95 * square[i] + 0.05 * gradient[i] * gradient[i];
      levels[i] = std::clamp(levels[i] + rate * mean[i] / (std::sqrt(square[i]) + 1e-9), -1.0, 1.0);
    }
  }
  return levels;
}

// Utility of a posted item in micro-units, in 64-bit mantissas: independent of the audit.
long double ExactUtility(const UncertainMarket& market, int type, const contract::PostedItem& item) {
  const long double quality = static_cast<long double>(item.quality_micros) / 1e6L;
  const long double cost = quality + 0.5L * static_cast<long double>(market.cost_curvature()) * quality * quality;
  return static_cast<long double>(item.reward_micros) -
         static_cast<long double>(market.cost_types()[static_cast<std::size_t>(type)]) * cost * 1e6L;
}

// The item a vehicle picks by the plain maximum of its utility in double precision.
int PlainArgmax(const UncertainMarket& market, int type, const contract::PostedMenu& menu) {
  int best = 0;
  double best_utility = -1e300;
  for (int j = 0; j < menu.size(); ++j) {
    const double quality = static_cast<double>(menu[j].quality_micros) * 1e-6;
    const double utility = static_cast<double>(menu[j].reward_micros) * 1e-6 -
                           market.cost_types()[static_cast<std::size_t>(type)] * market.Cost(quality);
    if (utility > best_utility) {
      best_utility = utility;
      best = j;
    }
  }
  return best;
}

void CheckPosted(const UncertainMarket& market, const AuditReport& audit, const contract::PostedMenu& posted) {
  ASSERT_TRUE(audit.Feasible(0.0)) << audit.worst_ir_slack << " " << audit.worst_ic_slack;
  ASSERT_NEAR(audit.truthful, 1.0, kRelative);
  for (int k = 0; k < market.types(); ++k) {
    const long double own = ExactUtility(market, k, posted[k]);
    ASSERT_GE(own, 0.0L);
    for (const contract::PostedItem& other : posted.items()) ASSERT_GE(own, ExactUtility(market, k, other));
    ASSERT_EQ(posted[PlainArgmax(market, k, posted)], posted[k]) << "type " << k;
  }
}

// A market made to break the posted menu: nearly equal types down to the last bit,
// probabilities of 1e-9, steep costs, any unit of money.
UncertainMarket HostileMarket(std::mt19937_64& random) {
  const auto types = static_cast<std::size_t>(std::uniform_int_distribution<int>(2, kMaxTypes)(random));
  const double money = std::pow(10.0, Uniform(-6.0, 9.0, random));
  std::vector<double> cost_types(types);
  std::vector<double> probabilities(types);
  double total = 0.0;
  double theta = money * Uniform(0.1, 0.6, random);
  for (std::size_t k = 0; k < types; ++k) {
    cost_types[k] = theta;
    const double spacing =
        random() % 3 == 0 ? Uniform(0.01, 0.3, random) : std::pow(10.0, Uniform(-15.0, -1.0, random));
    theta = std::max(theta * (1.0 + spacing), std::nextafter(theta, 1e18));
    probabilities[k] = random() % 3 == 0 ? 1e-9 : std::pow(10.0, Uniform(-9.0, 0.0, random));
    total += probabilities[k];
  }
  for (double& p : probabilities) p /= total;
  UncertainMarketSpec spec;
  spec.cost_types = cost_types;
  spec.probabilities = probabilities;
  spec.value_rate = Uniform(6.0, 40.0, random);
  spec.cost_curvature = random() % 4 == 0 ? std::pow(10.0, Uniform(0.0, 2.0, random)) : Uniform(0.0, 1.0, random);
  spec.vehicles = 1 + static_cast<std::int64_t>(random() % 20);
  spec.coverage_value = money * Uniform(0.0, 20.0, random);
  spec.threshold_value = money * Uniform(0.1, 20.0, random);
  spec.threshold = Uniform(0.01, 1.0, random);
  spec.threshold_width = std::pow(10.0, Uniform(-4.0, 1.0, random));
  spec.outside_option = money * std::pow(10.0, Uniform(-3.0, 3.0, random));
  spec.participation_noise = money * std::pow(10.0, Uniform(-3.0, 2.0, random));
  return *UncertainMarket::Create(spec);
}

TEST(UncertainPropertyTest, AnyLevelsDecodeToAFeasibleMonotoneMenu) {
  ForEachMarket(1, 10'000, [](const UncertainMarket& market, auto& random) {
    const Scenarios scenarios(market);
    for (int i = 0; i < 10; ++i) {
      const contract::Menu menu = DecodeLevels(market, WildLevels(market.types(), random));
      const AuditReport audit = Audit(market, scenarios, menu);
      ASSERT_TRUE(audit.Feasible(kRelative * menu[0].reward)) << audit.worst_ir_slack << " " << audit.worst_ic_slack;
      ASSERT_NEAR(audit.truthful, 1.0, kRelative);
      for (int k = 1; k < menu.size(); ++k) {
        ASSERT_LE(menu[k].quality, menu[k - 1].quality);
        ASSERT_LE(menu[k].reward, menu[k - 1].reward + kRelative);
      }
    }
  });
}

TEST(UncertainPropertyTest, GradientIsThatOfCentralDifferences) {
  ForEachMarket(2, 500, [](const UncertainMarket& market, auto& random) {
    const Scenarios scenarios(market);
    MenuObjective objective(market, scenarios);
    const std::vector<double> levels = TameLevels(market.types(), random);
    std::vector<double> gradient(levels.size());
    objective.ValueAndGradient(levels, absl::MakeSpan(gradient));
    constexpr double kStep = 1e-6;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      std::vector<double> above = levels;
      std::vector<double> below = levels;
      above[i] += kStep;
      below[i] -= kStep;
      const double difference = (objective.Value(above) - objective.Value(below)) / (2.0 * kStep);
      ASSERT_NEAR(gradient[i], difference, 1e-7) << "level " << i;
    }
  });
}

TEST(UncertainPropertyTest, PostedMenuHoldsExactlyAndLosesNextToNothing) {
  ForEachMarket(3, 1000, [](const UncertainMarket& market, auto&) {
    const Scenarios scenarios(market);
    MenuObjective objective(market, scenarios);
    const contract::Menu menu = DecodeLevels(market, ImprovedLevels(objective, 60));
    const absl::StatusOr<contract::PostedMenu> posted = Post(market, menu);
    ASSERT_TRUE(posted.ok()) << posted.status();
    const AuditReport audit = Audit(market, scenarios, *posted);
    CheckPosted(market, audit, *posted);
    const double designed = Utility(market, scenarios, menu);
    ASSERT_LT(designed - audit.utility_per_vehicle, 1e-4 * std::abs(designed)) << designed;
  });
}

TEST(UncertainPropertyTest, AnyDecodedMenuPostsExactly) {
  ForEachMarket(4, 10'000, [](const UncertainMarket& market, auto& random) {
    const Scenarios scenarios(market);
    const absl::StatusOr<contract::PostedMenu> posted =
        Post(market, DecodeLevels(market, WildLevels(market.types(), random)));
    ASSERT_TRUE(posted.ok()) << posted.status();
    CheckPosted(market, Audit(market, scenarios, *posted), *posted);
  });
}

TEST(UncertainPropertyTest, HostileMarketsPostExactlyOrSayThatTheirMoneyIsTooLarge) {
  std::mt19937_64 random(5);
  int refused = 0;
  constexpr int kMarkets = 10'000;
  for (int i = 0; i < kMarkets; ++i) {
    const UncertainMarket market = HostileMarket(random);
    const contract::Menu menu = DecodeLevels(market, WildLevels(market.types(), random));
    const absl::StatusOr<contract::PostedMenu> posted = Post(market, menu);
    if (!posted.ok()) {
      ASSERT_EQ(posted.status().code(), absl::StatusCode::kOutOfRange);
      ++refused;
      continue;
    }
    CheckPosted(market, Audit(market, Scenarios(market), *posted), *posted);
    if (HasFatalFailure()) FAIL() << "market " << i;
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, kMarkets / 4);
}

TEST(UncertainPropertyTest, NoMenuBeatsTheUpperBound) {
  double closest = 0.0;
  ForEachMarket(6, 1000, [&closest](const UncertainMarket& market, auto& random) {
    const Scenarios scenarios(market);
    MenuObjective objective(market, scenarios);
    const double bound = UtilityUpperBound(market, scenarios);
    for (int i = 0; i < 50; ++i) ASSERT_LE(objective.Value(TameLevels(market.types(), random)), bound);
    const double found = objective.Value(ImprovedLevels(objective, 60));
    ASSERT_LE(found, bound);
    closest = std::max(closest, found / bound);
  });
  EXPECT_GT(closest, 0.9);
}

TEST(UncertainPropertyTest, TheUpperBoundHoldsInHostileMarkets) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    const UncertainMarket market = HostileMarket(random);
    const Scenarios scenarios(market);
    MenuObjective objective(market, scenarios);
    const double bound = UtilityUpperBound(market, scenarios);
    for (int j = 0; j < 5; ++j) {
      const double utility = objective.Value(WildLevels(market.types(), random));
      ASSERT_LE(utility, bound + kRelative * (std::abs(bound) + market.cost_types().back())) << "market " << i;
    }
  }
}

TEST(UncertainPropertyTest, TheUnitOfMoneyChangesNoMenuButForItsScale) {
  ForEachMarket(8, 2000, [](const UncertainMarket& market, auto& random) {
    const UncertainMarket normalized = market.Normalized();
    const std::vector<double> levels = TameLevels(market.types(), random);
    const double unit = market.cost_types().back();
    const Scenarios scenarios(market);
    MenuObjective objective(market, scenarios);
    const Scenarios same(normalized);
    MenuObjective scaled(normalized, same);
    ASSERT_NEAR(objective.Value(levels), unit * scaled.Value(levels), 1e-12);
  });
}

}  // namespace
}  // namespace giot::uncertain
