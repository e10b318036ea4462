// Properties of freshness markets over random ones.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/freshness/audit.h"
#include "models/freshness/encode_levels.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/market_sampler.h"
#include "models/freshness/post.h"
#include "models/freshness/upper_bound.h"
#include "tests/models/freshness/market_fixture.h"

namespace giot::freshness {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Uniform(double low, double high, std::mt19937_64& random) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

// Types without any order; costs on a coarse grid (many of them equal) or not.
FreshnessMarket UnorderedMarket(std::mt19937_64& random) {
  const auto types = static_cast<std::size_t>(2 + random() % (kMaxTypes - 1));
  const bool coarse = random() % 2 == 0;
  FreshnessMarketSpec spec;
  std::vector<double> sensing;
  std::vector<double> update;
  std::vector<double> probabilities;
  double total = 0.0;
  while (sensing.size() < types) {
    const double theta = coarse ? 0.125 * static_cast<double>(1 + random() % 8) : Uniform(0.05, 1.2, random);
    const double delta = coarse ? 0.125 * static_cast<double>(1 + random() % 8) : Uniform(0.05, 1.0, random);
    bool taken = false;
    for (std::size_t t = 0; t < sensing.size(); ++t) taken |= sensing[t] == theta && update[t] == delta;
    if (taken) continue;
    sensing.push_back(theta);
    update.push_back(delta);
    probabilities.push_back(std::pow(10.0, Uniform(-4.0, 0.0, random)));
    total += probabilities.back();
  }
  for (double& p : probabilities) p /= total;
  spec.sensing_costs = sensing;
  spec.update_costs = update;
  spec.probabilities = probabilities;
  spec.value_scale = Uniform(0.5, 3.0, random);
  spec.value_rate = Uniform(3.0, 20.0, random);
  spec.staleness_rate = Uniform(0.0, 0.6, random);
  return *FreshnessMarket::Create(spec);
}

// Levels of which some are at the ends of their range, where costs tie, and rents
// of one scale, so that more than a few items are used.
std::vector<double> RandomLevels(int types, std::mt19937_64& random) {
  const auto count = static_cast<std::size_t>(types);
  const double rent_scale = Uniform(0.0, 1.0, random);
  std::vector<double> levels(kLevelChannels * count);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    levels[i] = Uniform(-1.0, 1.0, random);
    if (random() % 4 == 0) levels[i] = levels[i] > -0.5 ? 1.0 : -1.0;
    if (i >= 2 * count) levels[i] = -1.0 + rent_scale * (levels[i] + 1.0);
  }
  return levels;
}

// Every type's best reply to strictly convex rents s ((c - theta)^2 + (c - delta)^2) / (2 c),
// c the money scale, less what makes them 0 for the worst vehicle: many items.
std::vector<double> ConvexLevels(const FreshnessMarket& market, std::mt19937_64& random) {
  const auto types = static_cast<std::size_t>(market.types());
  const double scale = market.money_scale();
  const double steepness = Uniform(0.3, 1.0, random);
  const double theta_max = *std::max_element(market.sensing_costs().begin(), market.sensing_costs().end());
  const auto rent = [&](double theta, double delta) {
    return steepness * (std::pow(scale - theta, 2) + std::pow(scale - delta, 2)) / (2.0 * scale);
  };
  const double least = rent(theta_max, scale - theta_max);
  std::vector<double> levels(kLevelChannels * types);
  for (std::size_t t = 0; t < types; ++t) {
    const double theta = market.sensing_costs()[t];
    const double delta = market.update_costs()[t];
    const double largest = std::max(market.LargestRent(static_cast<int>(t)), 1e-9);
    levels[t] = 2.0 * steepness * (scale - theta) / scale - 1.0;
    levels[types + t] = 2.0 * steepness * (scale - delta) / scale - 1.0;
    levels[2 * types + t] = 2.0 * (rent(theta, delta) - least) / largest - 1.0;
  }
  return levels;
}

// Utility of a type in 64-bit mantissas: independent of the audit.
long double Utility(const FreshnessMarket& market, int type, const Menu& menu, int item) {
  if (item == kOptsOut) return 0.0L;
  const auto t = static_cast<std::size_t>(type);
  return static_cast<long double>(menu[item].reward) -
         static_cast<long double>(market.sensing_costs()[t]) * menu[item].quality -
         static_cast<long double>(market.update_costs()[t]) * menu[item].update_rate;
}

long double PostedUtility(const FreshnessMarket& market, int type, const PostedMenu& menu, int item) {
  if (item == kOptsOut) return 0.0L;
  const auto t = static_cast<std::size_t>(type);
  return static_cast<long double>(menu[item].reward_micros) -
         static_cast<long double>(market.sensing_costs()[t]) * static_cast<long double>(menu[item].quality_micros) -
         static_cast<long double>(market.update_costs()[t]) * static_cast<long double>(menu[item].update_rate_micros);
}

// The plain maximum of a vehicle's utility, computed in money.
int PlainArgmax(const FreshnessMarket& market, int type, const PostedMenu& menu) {
  int best = kOptsOut;
  double best_utility = 0.0;
  for (int j = 0; j < menu.size(); ++j) {
    const double utility = static_cast<double>(menu[j].reward_micros) * 1e-6 -
                           market.Cost(type, static_cast<double>(menu[j].quality_micros) * 1e-6,
                                       static_cast<double>(menu[j].update_rate_micros) * 1e-6);
    if (utility <= best_utility) continue;
    best_utility = utility;
    best = j;
  }
  return best;
}

// The least rewards by the longest paths of Floyd and Warshall over all pairs.
std::vector<double> LeastRewards(const FreshnessMarket& market, const Menu& menu) {
  const auto nodes = static_cast<std::size_t>(menu.size()) + 1;
  std::vector<std::vector<double>> path(nodes, std::vector<double>(nodes, -kInfinity));
  for (int t = 0; t < market.types(); ++t) {
    const int to = menu.choice(t);
    const auto cost = [&](int j) { return j == kOptsOut ? 0.0 : market.Cost(t, menu[j].quality, menu[j].update_rate); };
    for (int from = kOptsOut; from < menu.size(); ++from) {
      double& length = path[static_cast<std::size_t>(from + 1)][static_cast<std::size_t>(to + 1)];
      if (from != to) length = std::max(length, cost(to) - cost(from));
    }
  }
  for (std::size_t via = 0; via < nodes; ++via) {
    for (std::size_t from = 0; from < nodes; ++from) {
      for (std::size_t to = 0; to < nodes; ++to) {
        path[from][to] = std::max(path[from][to], path[from][via] + path[via][to]);
      }
    }
  }
  return {path[0].begin() + 1, path[0].end()};
}

void CheckSettled(const FreshnessMarket& market, const SettledMenu& settled) {
  const double tolerance = 1e-12 * market.money_scale();
  const Menu& menu = settled.menu;
  ASSERT_LE(menu.size(), kMaxItems);
  std::array<bool, kMaxItems> picked{};
  for (int t = 0; t < market.types(); ++t) {
    const long double own = Utility(market, t, menu, menu.choice(t));
    ASSERT_GE(own, -tolerance) << "type " << t;
    for (int j = 0; j < menu.size(); ++j) ASSERT_GE(own, Utility(market, t, menu, j) - tolerance) << "type " << t;
    if (menu.choice(t) != kOptsOut) picked[static_cast<std::size_t>(menu.choice(t))] = true;
  }
  const std::vector<double> least = LeastRewards(market, menu);
  for (int j = 0; j < menu.size(); ++j) {
    ASSERT_TRUE(picked[static_cast<std::size_t>(j)]) << "item " << j;
    ASSERT_NEAR(menu[j].reward, least[static_cast<std::size_t>(j)], tolerance) << "item " << j;
  }
  const AuditReport audit = Audit(market, menu);
  ASSERT_TRUE(audit.Feasible(tolerance)) << audit.worst_ir_slack << " " << audit.worst_ic_slack;
  ASSERT_NEAR(audit.realised.truthful, 1.0, 1e-12);
  ASSERT_NEAR(audit.utility_per_vehicle, settled.utility_per_vehicle, 1e-12);
  ASSERT_LE(settled.utility_per_vehicle, FirstBestUtility(market) + 1e-12);
}

TEST(FreshnessPropertyTest, AnyLevelsDecodeToAFeasibleMenuOfLeastRewards) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const FreshnessMarket market = i % 2 == 0 ? SampleMarket({}, random) : UnorderedMarket(random);
    CheckSettled(market, DecodeLevels(market, RandomLevels(market.types(), random)));
    if (HasFatalFailure()) FAIL() << "market " << i;
  }
}

TEST(FreshnessPropertyTest, LevelsOfManyItemsDecodeToAFeasibleMenuOfLeastRewards) {
  std::mt19937_64 random(2);
  int full = 0;
  for (int i = 0; i < 10'000; ++i) {
    const FreshnessMarket market = i % 2 == 0 ? SampleMarket({}, random) : UnorderedMarket(random);
    const SettledMenu settled = DecodeLevels(market, ConvexLevels(market, random));
    CheckSettled(market, settled);
    if (HasFatalFailure()) FAIL() << "market " << i;
    full += settled.menu.size() == kMaxItems ? 1 : 0;
  }
  EXPECT_GT(full, 500);
}

TEST(FreshnessPropertyTest, EveryMenuOfLeastRewardsIsWithinReachOfLevels) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 10'000; ++i) {
    const FreshnessMarket market = i % 2 == 0 ? SampleMarket({}, random) : UnorderedMarket(random);
    std::vector<double> stated(kLevelChannels * kMaxItems);
    for (double& level : stated) level = Uniform(-1.2, 1.2, random);
    const SettledMenu settled = DecodeItemLevels(market, stated);
    std::vector<double> levels(kLevelChannels * static_cast<std::size_t>(market.types()));
    EncodeLevels(market, settled.menu, 0.0, absl::MakeSpan(levels));
    for (const double level : levels) ASSERT_TRUE(level >= -1.0 - 1e-9 && level <= 1.0 + 1e-9) << level;
    ASSERT_GE(DecodeLevels(market, levels).utility_per_vehicle, settled.utility_per_vehicle - 1e-9) << "market " << i;
  }
}

TEST(FreshnessPropertyTest, RobustLevelsKeepTheWorthOfAMenu) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 5'000; ++i) {
    const FreshnessMarket market = i % 2 == 0 ? SampleMarket({}, random) : UnorderedMarket(random);
    const SettledMenu settled = DecodeLevels(market, ConvexLevels(market, random));
    std::vector<double> levels(kLevelChannels * static_cast<std::size_t>(market.types()));
    EncodeRobustLevels(market, settled.menu, absl::MakeSpan(levels));
    for (const double level : levels) ASSERT_TRUE(level >= -1.0 - 1e-9 && level <= 1.0 + 1e-9) << level;
    const double worth = settled.utility_per_vehicle;
    ASSERT_GE(DecodeLevels(market, levels).utility_per_vehicle, worth - 1.1e-6 * std::abs(worth) - 1e-9)
        << "market " << i;
  }
}

TEST(FreshnessPropertyTest, HundredThousandLevelsOfOneMarketAreFeasible) {
  std::mt19937_64 random(3);
  const FreshnessMarket market = SampleMarket({}, random);
  std::vector<double> levels(kLevelChannels * 25);
  for (int i = 0; i < 100'000; ++i) {
    for (double& level : levels) level = Uniform(-1.1, 1.1, random);
    const SettledMenu settled = i % 2 == 0 ? DecodeLevels(market, levels)
                                           : DecodeItemLevels(market, {levels.data(), kLevelChannels * kMaxItems});
    ASSERT_TRUE(Audit(market, settled.menu).Feasible(1e-12 * market.money_scale())) << "levels " << i;
  }
}

void CheckPosted(const FreshnessMarket& market, const PostedMenu& posted) {
  const AuditReport audit = Audit(market, posted);
  ASSERT_TRUE(audit.Feasible(0.0)) << audit.worst_ir_slack << " " << audit.worst_ic_slack;
  ASSERT_NEAR(audit.realised.truthful, 1.0, 1e-12);
  for (int t = 0; t < market.types(); ++t) {
    const int designed = posted.choice(t);
    const long double own = PostedUtility(market, t, posted, designed);
    for (int j = kOptsOut; j < posted.size(); ++j) {
      if (j == designed) continue;
      ASSERT_GT(own, PostedUtility(market, t, posted, j)) << "type " << t << " item " << j;
    }
    ASSERT_EQ(PlainArgmax(market, t, posted), designed) << "type " << t;
  }
}

TEST(FreshnessPropertyTest, PostedMenusAreStrictAndLoseLittle) {
  std::mt19937_64 random(4);
  double utility = 0.0;
  double lost = 0.0;
  for (int i = 0; i < 10'000; ++i) {
    const FreshnessMarket market = i % 2 == 0 ? SampleMarket({}, random) : UnorderedMarket(random);
    const SettledMenu settled =
        DecodeLevels(market, i % 4 < 2 ? RandomLevels(market.types(), random) : ConvexLevels(market, random));
    const absl::StatusOr<PostedMenu> posted = Post(market, settled.menu);
    ASSERT_TRUE(posted.ok()) << posted.status();
    CheckPosted(market, *posted);
    if (HasFatalFailure()) FAIL() << "market " << i;
    utility += std::abs(settled.utility_per_vehicle);
    lost += settled.utility_per_vehicle - Audit(market, *posted).utility_per_vehicle;
  }
  EXPECT_LT(lost, 1e-5 * utility);
}

// A market made to break the posted menu: types that differ in the last bits, shares
// of 1e-9, money of any size.
FreshnessMarket HostileMarket(std::mt19937_64& random) {
  const auto types = static_cast<std::size_t>(2 + random() % (kMaxTypes - 1));
  const double money = std::pow(10.0, Uniform(-2.0, 5.0, random));
  std::vector<double> sensing;
  std::vector<double> update;
  std::vector<double> probabilities;
  double total = 0.0;
  for (std::size_t t = 0; t < types; ++t) {
    const bool close = t > 0 && random() % 2 == 0;
    const double spread = std::pow(10.0, Uniform(-15.0, -1.0, random));
    sensing.push_back(close ? sensing[random() % t] * (1.0 + spread) : money * Uniform(0.1, 1.0, random));
    update.push_back(close ? update[random() % t] * (1.0 + spread) : money * Uniform(0.05, 1.0, random));
    probabilities.push_back(random() % 3 == 0 ? 1e-9 : Uniform(0.1, 1.0, random));
    total += probabilities.back();
  }
  for (double& p : probabilities) p /= total;
  FreshnessMarketSpec spec;
  spec.sensing_costs = sensing;
  spec.update_costs = update;
  spec.probabilities = probabilities;
  spec.value_scale = money * Uniform(0.5, 3.0, random);
  spec.value_rate = Uniform(3.0, 20.0, random);
  spec.staleness_rate = Uniform(0.0, 0.6, random);
  const absl::StatusOr<FreshnessMarket> market = FreshnessMarket::Create(spec);
  return market.ok() ? *market : HostileMarket(random);  // Two types may have come out equal.
}

TEST(FreshnessPropertyTest, HostileMarketsDecodeFeasiblyAndPostStrictly) {
  std::mt19937_64 random(5);
  double lost = 0.0;
  for (int i = 0; i < 10'000; ++i) {
    const FreshnessMarket market = HostileMarket(random);
    const SettledMenu settled =
        DecodeLevels(market, i % 2 == 0 ? RandomLevels(market.types(), random) : ConvexLevels(market, random));
    CheckSettled(market, settled);
    const absl::StatusOr<PostedMenu> posted = Post(market, settled.menu);
    ASSERT_TRUE(posted.ok()) << posted.status();
    CheckPosted(market, *posted);
    if (HasFatalFailure()) FAIL() << "market " << i;
    lost += (settled.utility_per_vehicle - Audit(market, *posted).utility_per_vehicle) / market.money_scale();
  }
  EXPECT_LT(lost / 10'000, 1e-5);
}

}  // namespace
}  // namespace giot::freshness
