#include "trainer/evaluation/gate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace giot::trainer {
namespace {

constexpr std::size_t kMarkets = 400;

// Ratios around `mean`: half a little above, half as much below.
std::vector<double> Around(double mean, double deviation) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < kMarkets; ++i) ratios.push_back(mean + (i % 2 == 0 ? deviation : -deviation));
  return ratios;
}

// The same with the first `count` markets lower by `loss`.
std::vector<double> WithLosses(std::vector<double> ratios, std::size_t count, double loss) {
  for (std::size_t i = 0; i < count; ++i) ratios[i] -= loss;
  return ratios;
}

struct Case {
  std::string name;
  GateEntry candidate;
  GateEntry incumbent;  // Empty: there is none.
  bool promote;
  std::size_t reasons;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class GateTable : public testing::TestWithParam<Case> {};

TEST_P(GateTable, Decides) {
  const Case& c = GetParam();
  const GateDecision decision = Decide({}, c.candidate, c.incumbent.ratios.empty() ? nullptr : &c.incumbent);
  EXPECT_EQ(decision.promote, c.promote);
  EXPECT_EQ(decision.reasons.size(), c.reasons);
  EXPECT_EQ(decision.gain.has_value(), !c.incumbent.ratios.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Gate, GateTable,
    testing::Values(
        Case{"FirstAboveTheBars", {Around(0.9996, 1e-4), 0}, {}, true, 0},
        Case{"FirstBelowTheMean", {Around(0.9990, 1e-4), 0}, {}, false, 1},
        Case{"FirstBelowThePercentile", {WithLosses(Around(0.99990, 0.0), 8, 0.01), 0}, {}, false, 1},
        Case{"FirstBelowBoth", {Around(0.9, 1e-4), 0}, {}, false, 2},
        Case{"FirstWithOneInfeasibleMenu", {Around(0.9999, 1e-5), 1}, {}, false, 1},
        Case{"BetterOnEveryMarket", {Around(0.9991, 1e-4), 0}, {Around(0.9990, 1e-4), 0}, true, 0},
        // The bars are for a first release alone.
        Case{"BetterThanAPoorIncumbent", {Around(0.91, 1e-4), 0}, {Around(0.90, 1e-4), 0}, true, 0},
        Case{"Identical", {Around(0.9990, 1e-4), 0}, {Around(0.9990, 1e-4), 0}, false, 1},
        Case{"WorseOnEveryMarket", {Around(0.9989, 1e-4), 0}, {Around(0.9990, 1e-4), 0}, false, 2},
        // Mean gain 1e-6 under a standard error of 1e-3 / 20.
        Case{"BetterByChance", {Around(0.998001, 1e-3), 0}, {Around(0.998, 0.0), 0}, false, 2},
        Case{"BetterMeanWorseTail", {WithLosses(Around(0.9995, 0.0), 8, 0.01), 0}, {Around(0.9990, 0.0), 0}, false, 1},
        Case{"BetterButInfeasible", {Around(0.9991, 1e-4), 3}, {Around(0.9990, 1e-4), 0}, false, 1}),
    [](const testing::TestParamInfo<Case>& instance) { return instance.param.name; });

TEST(Gate, PairsByMarketSoThatASmallSteadyGainCounts) {
  // Markets differ by far more than the models do.
  const GateEntry incumbent{Around(0.95, 0.04), 0};
  GateEntry candidate = incumbent;
  for (double& ratio : candidate.ratios) ratio += 1e-5;
  EXPECT_TRUE(Decide({}, candidate, &incumbent).promote);
}

TEST(Gate, MoreConfidenceAsksForMore) {
  // 210 gains and 190 losses of one size: z = .05 / sqrt(.9975 / 399) = 1.0.
  const GateEntry incumbent{std::vector<double>(kMarkets, 0.99), 0};
  GateEntry candidate{std::vector<double>(kMarkets, 0.99), 0};
  for (std::size_t i = 0; i < kMarkets; ++i) candidate.ratios[i] += i < 210 ? 1e-3 : -1e-3;
  GateCriteria lenient;
  lenient.confidence = 0.8;
  const GateDecision decision = Decide(lenient, candidate, &incumbent);
  EXPECT_NEAR(decision.gain->p_value, 0.1584, 1e-3);
  EXPECT_EQ(decision.reasons.size(), 1u);  // The 1st percentile alone.
  EXPECT_EQ(Decide({}, candidate, &incumbent).reasons.size(), 2u);
}

TEST(Gate, HasBarsForEveryFamily) {
  const GateEntry searched{Around(0.9975, 1e-4), 0};
  EXPECT_FALSE(Decide(DefaultCriteria(bundle::Family::kScreening), searched, nullptr).promote);
  EXPECT_TRUE(Decide(DefaultCriteria(bundle::Family::kUncertain), searched, nullptr).promote);
  EXPECT_TRUE(Decide(DefaultCriteria(bundle::Family::kFreshness), searched, nullptr).promote);
  const GateEntry lower{Around(0.9940, 1e-4), 0};
  EXPECT_FALSE(Decide(DefaultCriteria(bundle::Family::kUncertain), lower, nullptr).promote);
  EXPECT_TRUE(Decide(DefaultCriteria(bundle::Family::kFreshness), lower, nullptr).promote);
}

TEST(GateDeathTest, RefusesEntriesOfDifferentMarkets) {
  const GateEntry candidate{{0.9, 0.9}, 0};
  const GateEntry incumbent{{0.9}, 0};
  EXPECT_DEATH(Decide({}, candidate, &incumbent), "same markets");
}

}  // namespace
}  // namespace giot::trainer
