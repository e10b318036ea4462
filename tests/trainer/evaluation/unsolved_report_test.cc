#include "trainer/evaluation/unsolved_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace giot::trainer {
namespace {

// Upper bound 2, single item .5; the posted menu is worth what the policy's is.
UnsolvedOutcome Outcome(int types, double policy, double search) {
  UnsolvedOutcome outcome;
  outcome.types = types;
  outcome.upper_bound = 2.0;
  outcome.menus = {MenuValue{policy, true}, MenuValue{policy, true}, MenuValue{search, true}, MenuValue{0.5, true}};
  return outcome;
}

const UnsolvedSummary& Of(const UnsolvedReport& report, UnsolvedMethod method) {
  return report.methods[static_cast<std::size_t>(method)];
}

TEST(UnsolvedReport, MeasuresAgainstTheBestFoundAndTheUpperBound) {
  // The policy finds the best of the second market.
  const std::vector<UnsolvedOutcome> outcomes = {Outcome(2, 0.9, 1.0), Outcome(2, 1.6, 1.2)};
  const UnsolvedReport report = Report(outcomes);
  EXPECT_DOUBLE_EQ(Of(report, UnsolvedMethod::kPolicy).of_best.mean, (0.9 + 1.0) / 2);
  EXPECT_DOUBLE_EQ(Of(report, UnsolvedMethod::kPolicy).of_best.min, 0.9);
  EXPECT_DOUBLE_EQ(Of(report, UnsolvedMethod::kPolicy).of_bound.mean, (0.45 + 0.8) / 2);
  EXPECT_DOUBLE_EQ(Of(report, UnsolvedMethod::kSearch).of_best.mean, (1.0 + 0.75) / 2);
  EXPECT_DOUBLE_EQ(Of(report, UnsolvedMethod::kSingleItem).of_bound.mean, 0.25);
  EXPECT_DOUBLE_EQ(report.best_of_bound.mean, (0.5 + 0.8) / 2);
}

TEST(UnsolvedReport, LeavesMarketsWithoutAPositiveBestOutOfRatiosAndCountsThem) {
  const std::vector<UnsolvedOutcome> outcomes = {Outcome(2, 0.9, 1.0), Outcome(2, -0.1, 0.0)};
  const UnsolvedReport report = Report(outcomes);
  EXPECT_EQ(report.markets, 2);
  EXPECT_EQ(report.excluded, 1);
  EXPECT_DOUBLE_EQ(Of(report, UnsolvedMethod::kPolicy).of_best.mean, 0.9);
}

TEST(UnsolvedReport, CountsInfeasibleMenusOverAllMarkets) {
  std::vector<UnsolvedOutcome> outcomes = {Outcome(2, 0.9, 1.0), Outcome(2, -0.1, 0.0)};
  outcomes[1].menus[static_cast<std::size_t>(UnsolvedMethod::kPolicyPosted)].feasible = false;
  const UnsolvedReport report = Report(outcomes);
  EXPECT_EQ(Of(report, UnsolvedMethod::kPolicy).infeasible, 0);
  EXPECT_DOUBLE_EQ(Of(report, UnsolvedMethod::kPolicyPosted).infeasible_share, 0.5);
}

TEST(UnsolvedReport, GroupsByTypesThatOccur) {
  const std::vector<UnsolvedOutcome> outcomes = {Outcome(5, 0.8, 1.0), Outcome(2, 0.9, 1.0), Outcome(5, 0.6, 1.0)};
  const UnsolvedReport report = Report(outcomes);
  ASSERT_EQ(report.by_types.size(), 2u);
  EXPECT_EQ(report.by_types[0].name, "K = 2");
  EXPECT_DOUBLE_EQ(report.by_types[1].policy.mean, 0.7);
}

TEST(UnsolvedReport, SpreadIsAShareOfTheBestFound) {
  std::vector<UnsolvedOutcome> outcomes = {Outcome(2, 0.9, 2.0), Outcome(2, 0.9, 1.0), Outcome(2, 0.9, 1.0)};
  outcomes[0].spread = 0.2;
  outcomes[2].spread = 0.3;
  const UnsolvedReport report = Report(outcomes);
  EXPECT_EQ(report.spread_markets, 2);
  EXPECT_DOUBLE_EQ(report.spread, 0.2);
  EXPECT_DOUBLE_EQ(report.spread_max, 0.3);
}

TEST(UnsolvedReport, SaysHowHardWasSearched) {
  EvaluationOptions options;
  options.reference_evaluations = 321;
  const UnsolvedReport report = Report({Outcome(2, 0.9, 1.0)});
  EXPECT_NE(ToTable(report, options).find("a search of 321 evaluations"), std::string::npos);
  const auto json = nlohmann::json::parse(ToJson(report, {}, options));
  EXPECT_EQ(json["reference_evaluations"], 321);
  EXPECT_EQ(json["methods"]["policy"]["of_best_found"]["mean"], 0.9);
}

TEST(UnsolvedReport, OfNoMarketsHasATableAndJsonAllTheSame) {
  const UnsolvedReport report = Report(std::vector<UnsolvedOutcome>());
  EXPECT_NE(ToTable(report, {}).find("single item"), std::string::npos);
  EXPECT_NE(ToJson(report, {}, {}).find("\"markets\": 0"), std::string::npos);
}

}  // namespace
}  // namespace giot::trainer
