#include "trainer/solvers/slsqp.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/models/search/objectives.h"

namespace giot::trainer {
namespace {

using search::Bowl;
using search::TestObjective;

search::Budget Evaluations(std::int64_t count) {
  search::Budget budget;
  budget.evaluations = count;
  return budget;
}

TEST(SlsqpTest, FindsTheOptimumWithAndWithoutAGradient) {
  for (const bool with_gradient : {true, false}) {
    TestObjective bowl = Bowl({2.0, 0.25, -5.0}, with_gradient);
    const auto result = MaximizeBySlsqp(bowl, std::vector<double>(3, 0.0), Evaluations(300), {});
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_NEAR(result->levels[0], 1.0, 1e-6);
    EXPECT_NEAR(result->levels[1], 0.25, 1e-3);
    EXPECT_NEAR(result->levels[2], -1.0, 1e-6);
  }
}

TEST(SlsqpTest, GoesOnFromOtherStartsUntilTheBudgetEnds) {
  TestObjective hills = search::Hills(2);
  const auto result = MaximizeBySlsqp(hills, std::vector<double>(2, -0.8), Evaluations(5000), {});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_LE(hills.evaluations(), 5000);
  EXPECT_GE(result->value, -0.1);
}

TEST(SlsqpTest, ABudgetThatBoundsNothingIsRefused) {
  TestObjective bowl = Bowl({0.0}, true);
  EXPECT_EQ(MaximizeBySlsqp(bowl, std::vector<double>{0.5}, {}, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(SlsqpTest, AStartOutsideTheBoxIsRefused) {
  TestObjective bowl = Bowl({0.0}, true);
  EXPECT_EQ(MaximizeBySlsqp(bowl, std::vector<double>{1.5}, Evaluations(10), {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::trainer
