#include "client/market_json.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace giot::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kComplete[] = R"({
  "cost_types": [0.25, 0.5, 1], "probabilities": [0.2, 0.3, 0.5], "value_scale": 1.5, "value_rate": 20,
  "cost_curvature": 0.75, "quality_min": 0.05, "quality_max": 0.9, "vehicles": 50, "budget": 40.5,
  "allow_exclusion": true})";

absl::StatusOr<v1::ScreeningMarket> ParseScreening(const std::string& text) {
  const auto request = ParseMarketJson(text);
  if (!request.ok()) return request.status();
  EXPECT_TRUE(request->has_screening());
  return request->screening();
}

void ExpectInvalid(const std::string& text, const std::string& named) {
  const auto market = ParseMarketJson(text);
  ASSERT_FALSE(market.ok()) << text;
  EXPECT_EQ(market.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(market.status().message()), HasSubstr(named));
}

// kComplete with one piece of its text replaced.
std::string Replaced(const std::string& from, const std::string& to) {
  std::string text = kComplete;
  return text.replace(text.find(from), from.size(), to);
}

TEST(ParseMarketJsonTest, ReadsEveryField) {
  const auto market = ParseScreening(kComplete);
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_THAT(market->cost_types(), ElementsAre(0.25, 0.5, 1.0));
  EXPECT_THAT(market->probabilities(), ElementsAre(0.2, 0.3, 0.5));
  EXPECT_EQ(market->value_scale(), 1.5);
  EXPECT_EQ(market->value_rate(), 20.0);
  EXPECT_EQ(market->cost_curvature(), 0.75);
  EXPECT_EQ(market->quality_min(), 0.05);
  EXPECT_EQ(market->quality_max(), 0.9);
  EXPECT_EQ(market->vehicles(), 50);
  EXPECT_EQ(market->budget(), 40.5);
  EXPECT_TRUE(market->allow_exclusion());
}

TEST(ParseMarketJsonTest, FillsInWhatMayBeLeftOut) {
  const auto market = ParseScreening(
      R"({"cost_types": [0.5, 1], "probabilities": [0.5, 0.5], "value_scale": 1, "value_rate": 9, "quality_min": 0.1})");
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_EQ(market->cost_curvature(), 0.0);
  EXPECT_FALSE(market->has_quality_max());
  EXPECT_FALSE(market->has_vehicles());
  EXPECT_FALSE(market->has_budget());
  EXPECT_FALSE(market->allow_exclusion());
}

TEST(ParseMarketJsonTest, NullBudgetIsNoBudget) {
  const auto market = ParseScreening(Replaced("40.5", "null"));
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_FALSE(market->has_budget());
}

TEST(ParseMarketJsonTest, ReadsEveryFieldOfAnUncertainMarket) {
  const auto request = ParseMarketJson(R"({
    "family": "uncertain", "cost_types": [0.5, 1], "probabilities": [0.25, 0.75], "value_rate": 12,
    "cost_curvature": 0.5, "vehicles": 20, "coverage_value": 0.4, "threshold_value": 0.9, "threshold": 0.3,
    "threshold_width": 0.04, "outside_option": 0.1, "participation_noise": 0.05})");
  ASSERT_TRUE(request.ok()) << request.status();
  ASSERT_TRUE(request->has_uncertain());
  const v1::UncertainMarket& market = request->uncertain();
  EXPECT_THAT(market.cost_types(), ElementsAre(0.5, 1.0));
  EXPECT_THAT(market.probabilities(), ElementsAre(0.25, 0.75));
  EXPECT_EQ(market.value_rate(), 12.0);
  EXPECT_EQ(market.cost_curvature(), 0.5);
  EXPECT_EQ(market.vehicles(), 20);
  EXPECT_EQ(market.coverage_value(), 0.4);
  EXPECT_EQ(market.threshold_value(), 0.9);
  EXPECT_EQ(market.threshold(), 0.3);
  EXPECT_EQ(market.threshold_width(), 0.04);
  EXPECT_EQ(market.outside_option(), 0.1);
  EXPECT_EQ(market.participation_noise(), 0.05);
}

TEST(ParseMarketJsonTest, ReadsEveryFieldOfAFreshnessMarket) {
  const auto request = ParseMarketJson(R"({
    "family": "freshness", "sensing_costs": [0.5, 1], "update_costs": [0.7, 0.2], "probabilities": [0.25, 0.75],
    "value_scale": 1.5, "value_rate": 12, "staleness_rate": 0.3, "vehicles": 7})");
  ASSERT_TRUE(request.ok()) << request.status();
  ASSERT_TRUE(request->has_freshness());
  const v1::FreshnessMarket& market = request->freshness();
  EXPECT_THAT(market.sensing_costs(), ElementsAre(0.5, 1.0));
  EXPECT_THAT(market.update_costs(), ElementsAre(0.7, 0.2));
  EXPECT_THAT(market.probabilities(), ElementsAre(0.25, 0.75));
  EXPECT_EQ(market.value_scale(), 1.5);
  EXPECT_EQ(market.value_rate(), 12.0);
  EXPECT_EQ(market.staleness_rate(), 0.3);
  EXPECT_EQ(market.vehicles(), 7);
}

TEST(ParseMarketJsonTest, TheFamilyDecidesWhichFieldsThereAre) {
  ExpectInvalid(Replaced("{", R"({"family": "uncertain", )"), "unknown field");
  ExpectInvalid(R"({"family": "uncertain", "cost_types": [0.5, 1], "probabilities": [0.5, 0.5]})", "value_rate");
  ExpectInvalid(R"({"family": "freshness", "sensing_costs": [0.5, 1]})", "update_costs");
  ExpectInvalid(Replaced("{", R"({"family": "auction", )"), "family: got \"auction\"");
  EXPECT_TRUE(ParseScreening(Replaced("{", R"({"family": "screening", )")).ok());
}

TEST(ParseMarketJsonTest, NamesTheMissingField) {
  ExpectInvalid(Replaced("\"value_rate\": 20,", ""), "value_rate");
  ExpectInvalid("{}", "cost_types");
}

TEST(ParseMarketJsonTest, NamesTheUnknownField) { ExpectInvalid(Replaced("value_rate", "value_rat"), "value_rat:"); }

TEST(ParseMarketJsonTest, NamesTheFieldOfAnotherType) {
  ExpectInvalid(Replaced("1.5", "\"much\""), "value_scale");
  ExpectInvalid(Replaced("[0.25, 0.5, 1]", "0.5"), "cost_types");
  ExpectInvalid(Replaced("0.3", "null"), "probabilities[1]");
  ExpectInvalid(Replaced(": 50", ": 50.5"), "vehicles");
  ExpectInvalid(Replaced(": 50", ": 18446744073709551615"), "vehicles");
  ExpectInvalid(Replaced("true", "1"), "allow_exclusion");
  ExpectInvalid(Replaced("40.5", "[]"), "budget");
}

TEST(ParseMarketJsonTest, RefusesWhatIsNotAnObject) {
  ExpectInvalid("", "market");
  ExpectInvalid("[1, 2]", "market");
  ExpectInvalid("{\"cost_types\": [", "market");
  ExpectInvalid(Replaced("1.5", "1e999"), "market");
}

}  // namespace
}  // namespace giot::client
