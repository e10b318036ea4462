#include "server/engine/anytime.h"

#include <chrono>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/uncertain/pack.h"
#include "server/rpc/uncertain_convert.h"
#include "tests/server/market.h"
#include "tests/server/test_model.h"

namespace giot::engine {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

TEST(WhySearchTest, AModelIsAskedForMarketsWithinItsRanges) {
  const auto model = TestModel(bundle::Family::kUncertain);
  v1::GenerateContractRequest request = UncertainRequest();
  EXPECT_FALSE(WhySearch(model.get(), Traits(*rpc::MarketFrom(request.uncertain()))).has_value());
  request.mutable_uncertain()->set_value_rate(5000.0);
  const auto cause = WhySearch(model.get(), Traits(*rpc::MarketFrom(request.uncertain())));
  ASSERT_TRUE(cause.has_value());
  EXPECT_EQ(cause->reason, SearchReason::kOutsideRanges);
  EXPECT_THAT(cause->text, testing::HasSubstr("value_rate"));
}

TEST(WhySearchTest, NoModelIsACause) {
  const auto cause = WhySearch(nullptr, {});
  ASSERT_TRUE(cause.has_value());
  EXPECT_EQ(cause->reason, SearchReason::kNoModel);
}

TEST(TakesLongTest, PolishAndSearchDo) {
  const Effort plain;
  const Effort polished{.time_budget = absl::Milliseconds(1)};
  const SearchCause cause{SearchReason::kNoModel, ""};
  EXPECT_FALSE(TakesLong(std::nullopt, plain));
  EXPECT_TRUE(TakesLong(std::nullopt, polished));
  EXPECT_TRUE(TakesLong(cause, plain));
}

TEST(BudgetTest, WithoutTimePolishSpendsNothingAndSearchSoManyEvaluations) {
  EXPECT_EQ(PolishBudget({}).evaluations, 0);
  EXPECT_EQ(SearchBudget({}, nullptr).evaluations, kSearchEvaluations);
}

TEST(BudgetTest, TimeCountsFromNow) {
  const Effort effort{.time_budget = absl::Hours(1)};
  const TimePoint least = std::chrono::steady_clock::now() + std::chrono::hours(1);
  const TimePoint deadline = PolishBudget(effort).deadline;
  EXPECT_GE(deadline, least);
  EXPECT_LE(deadline, std::chrono::steady_clock::now() + std::chrono::hours(1));
  EXPECT_GE(SearchBudget(effort, nullptr).deadline, deadline);
}

TEST(BudgetTest, CancellationEndsASearchsTime) {
  bool cancelled = false;
  const search::Budget budget = SearchBudget({}, [&cancelled] { return cancelled; });
  EXPECT_LT(budget.clock(), budget.deadline);
  cancelled = true;
  // It does not ask at every evaluation, but does so soon.
  const TimePoint soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
  while (std::chrono::steady_clock::now() < soon) budget.clock();
  EXPECT_GE(budget.clock(), budget.deadline);
}

}  // namespace
}  // namespace giot::engine
