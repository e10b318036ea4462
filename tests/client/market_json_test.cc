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
  const auto market = ParseMarketJson(kComplete);
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_THAT(market->cost_types, ElementsAre(0.25, 0.5, 1.0));
  EXPECT_THAT(market->probabilities, ElementsAre(0.2, 0.3, 0.5));
  EXPECT_EQ(market->value_scale, 1.5);
  EXPECT_EQ(market->value_rate, 20.0);
  EXPECT_EQ(market->cost_curvature, 0.75);
  EXPECT_EQ(market->quality_min, 0.05);
  EXPECT_EQ(market->quality_max, 0.9);
  EXPECT_EQ(market->vehicles, 50);
  EXPECT_EQ(market->budget, 40.5);
  EXPECT_TRUE(market->allow_exclusion);
}

TEST(ParseMarketJsonTest, FillsInWhatMayBeLeftOut) {
  const auto market = ParseMarketJson(
      R"({"cost_types": [0.5, 1], "probabilities": [0.5, 0.5], "value_scale": 1, "value_rate": 9, "quality_min": 0.1})");
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_EQ(market->cost_curvature, 0.0);
  EXPECT_EQ(market->quality_max, 1.0);
  EXPECT_EQ(market->vehicles, 1);
  EXPECT_EQ(market->budget, std::nullopt);
  EXPECT_FALSE(market->allow_exclusion);
}

TEST(ParseMarketJsonTest, NullBudgetIsNoBudget) {
  const auto market = ParseMarketJson(Replaced("40.5", "null"));
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_EQ(market->budget, std::nullopt);
}

TEST(ParseMarketJsonTest, SpecMakesTheMarketThatWasWritten) {
  const auto description = ParseMarketJson(kComplete);
  ASSERT_TRUE(description.ok());
  const auto market = contract::ScreeningMarket::Create(description->Spec());
  ASSERT_TRUE(market.ok()) << market.status();
  EXPECT_THAT(market->cost_types(), ElementsAre(0.25, 0.5, 1.0));
  EXPECT_EQ(market->vehicles(), 50);
  EXPECT_DOUBLE_EQ(*market->budget_per_vehicle(), 0.81);
  EXPECT_TRUE(market->allow_exclusion());
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
