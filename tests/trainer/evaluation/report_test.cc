#include "trainer/evaluation/report.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace giot::trainer {
namespace {

MarketOutcome Outcome(int types, double policy_ratio) {
  MarketOutcome outcome;
  outcome.types = types;
  outcome.optimum_positive = true;
  for (MenuOutcome& menu : outcome.menus) menu = {0.5, true};
  outcome.menus[static_cast<std::size_t>(Method::kPolicy)].ratio = policy_ratio;
  return outcome;
}

const MethodSummary& Of(const EvaluationReport& report, Method method) {
  return report.methods[static_cast<std::size_t>(method)];
}

TEST(Report, SummarisesThePolicyAndTheBaselinesApart) {
  const std::vector<MarketOutcome> outcomes = {Outcome(2, 0.9), Outcome(2, 1.0)};
  const EvaluationReport report = Report(outcomes);
  EXPECT_DOUBLE_EQ(Of(report, Method::kPolicy).ratio.mean, 0.95);
  EXPECT_DOUBLE_EQ(Of(report, Method::kPolicy).ratio.p01, 0.901);
  EXPECT_DOUBLE_EQ(Of(report, Method::kPolicy).ratio.min, 0.9);
  EXPECT_DOUBLE_EQ(Of(report, Method::kPooling).ratio.mean, 0.5);
}

TEST(Report, LeavesMarketsWithoutAPositiveOptimumOutOfRatiosAndCountsThem) {
  std::vector<MarketOutcome> outcomes = {Outcome(2, 0.9), Outcome(2, 0.0)};
  outcomes[1].optimum_positive = false;
  const EvaluationReport report = Report(outcomes);
  EXPECT_EQ(report.markets, 2);
  EXPECT_EQ(report.excluded, 1);
  EXPECT_DOUBLE_EQ(Of(report, Method::kPolicy).ratio.mean, 0.9);
}

TEST(Report, CountsInfeasibleMenusOverAllMarkets) {
  std::vector<MarketOutcome> outcomes = {Outcome(2, 0.9), Outcome(3, 0.9), Outcome(3, 0.0), Outcome(4, 0.9)};
  outcomes[2].optimum_positive = false;
  outcomes[2].menus[static_cast<std::size_t>(Method::kPolicyPosted)].feasible = false;
  const EvaluationReport report = Report(outcomes);
  EXPECT_EQ(Of(report, Method::kPolicy).infeasible, 0);
  EXPECT_EQ(Of(report, Method::kPolicyPosted).infeasible, 1);
  EXPECT_DOUBLE_EQ(Of(report, Method::kPolicyPosted).infeasible_share, 0.25);
}

TEST(Report, GroupsByTypesThatOccur) {
  const std::vector<MarketOutcome> outcomes = {Outcome(5, 0.8), Outcome(2, 0.9), Outcome(5, 0.6)};
  const EvaluationReport report = Report(outcomes);
  ASSERT_EQ(report.by_types.size(), 2u);
  EXPECT_EQ(report.by_types[0].policy.markets, 1);
  EXPECT_DOUBLE_EQ(report.by_types[1].policy.mean, 0.7);
}

TEST(Report, GroupsByWhatBindsAtTheOptimum) {
  std::vector<MarketOutcome> outcomes = {Outcome(2, 0.9), Outcome(2, 0.8), Outcome(2, 0.6)};
  outcomes[1].ironed = true;
  outcomes[2].ironed = outcomes[2].budget_binds = true;
  const EvaluationReport report = Report(outcomes);
  ASSERT_EQ(report.by_constraint.size(), 4u);
  EXPECT_EQ(report.by_constraint[0].policy.mean, 0.9);   // Neither.
  EXPECT_EQ(report.by_constraint[1].policy.markets, 0);  // Budget.
  EXPECT_EQ(report.by_constraint[2].policy.mean, 0.8);   // Ironing.
  EXPECT_EQ(report.by_constraint[3].policy.mean, 0.6);   // Both.
}

TEST(Report, AveragesTheSpreadOverMarketsThatHaveOne) {
  std::vector<MarketOutcome> outcomes = {Outcome(2, 0.9), Outcome(2, 0.9), Outcome(2, 0.9)};
  outcomes[0].spread = 0.1;
  outcomes[2].spread = 0.3;
  const EvaluationReport report = Report(outcomes);
  EXPECT_EQ(report.spread_markets, 2);
  EXPECT_DOUBLE_EQ(report.spread, 0.2);
  EXPECT_DOUBLE_EQ(report.spread_max, 0.3);
}

TEST(Report, OfNoMarketsHasATableAndJsonAllTheSame) {
  const EvaluationReport report = Report({});
  EXPECT_NE(ToTable(report).find("pooling"), std::string::npos);
  EXPECT_NE(ToJson(report, {}, {}).find("\"markets\": 0"), std::string::npos);
}

}  // namespace
}  // namespace giot::trainer
