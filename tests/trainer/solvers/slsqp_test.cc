#include "trainer/solvers/slsqp.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
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

TEST(SlsqpTest, FollowsACurvedValley) {
  TestObjective valley = search::Valley(6);
  const auto result = MaximizeBySlsqp(valley, std::vector<double>(6, -0.5), Evaluations(2000), {});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_NEAR(result->value, 0.0, 1e-4);
}

TEST(SlsqpTest, GoesOnFromOtherStartsUntilTheBudgetEnds) {
  TestObjective hills = search::Hills(2);
  const auto result = MaximizeBySlsqp(hills, std::vector<double>(2, -0.8), Evaluations(5000), {});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->evaluations, 5000);
  EXPECT_NEAR(result->value, 0.0, 1e-3);
}

TEST(SlsqpTest, EvaluationsAreCountedExactly) {
  for (const bool with_gradient : {true, false}) {
    for (const std::int64_t allowed : {0, 1, 3, 50}) {
      TestObjective bowl = Bowl({2.0, 0.25, -5.0}, with_gradient);
      const auto result = MaximizeBySlsqp(bowl, std::vector<double>(3, 0.0), Evaluations(allowed), {});
      ASSERT_TRUE(result.ok()) << result.status();
      EXPECT_EQ(bowl.evaluations(), allowed);
      EXPECT_EQ(result->evaluations, allowed);
    }
  }
}

TEST(SlsqpTest, EndsWithItsDeadline) {
  // Every evaluation takes a millisecond of a clock that is stepped by hand.
  std::chrono::steady_clock::time_point now{};
  TestObjective slow(2, [&](absl::Span<const double> x) {
    now += std::chrono::milliseconds(1);
    return -x[0] * x[0] - x[1];
  });
  search::Budget budget;
  budget.deadline = now + std::chrono::milliseconds(40);
  budget.clock = [&] { return now; };
  const auto result = MaximizeBySlsqp(slow, std::vector<double>(2, 0.5), budget, {});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(slow.evaluations(), 40);
}

TEST(SlsqpTest, AValueThatIsNoNumberEndsAStartButNotTheSearch) {
  TestObjective broken(2, [](absl::Span<const double> x) {
    return x[0] < 0.0 ? std::numeric_limits<double>::quiet_NaN() : -x[0] - x[1] * x[1];
  });
  const auto result = MaximizeBySlsqp(broken, std::vector<double>(2, -0.5), Evaluations(500), {});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->evaluations, 500);
  EXPECT_GT(result->value, -0.5);
}

TEST(SlsqpTest, SameSeedSameResult) {
  TestObjective hills = search::Hills(3);
  const std::vector<double> start = {-0.8, -0.5, -0.1};
  const auto run = [&](std::uint64_t seed) {
    return MaximizeBySlsqp(hills, start, Evaluations(200), {seed, nullptr})->levels;
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
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
