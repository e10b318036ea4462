#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <vector>

#include "models/search/budgeted_objective.h"
#include "models/search/cma_es.h"
#include "models/search/multi_start.h"
#include "models/search/polish.h"
#include "models/search/projected_lbfgs.h"
#include "tests/models/search/objectives.h"

namespace giot::search {
namespace {

using std::chrono::milliseconds;
using Time = std::chrono::steady_clock::time_point;

Budget Evaluations(std::int64_t count) {
  Budget budget;
  budget.evaluations = count;
  return budget;
}

SearchResult RunCmaEs(Objective& objective, const std::vector<double>& start, const CmaEsOptions& options,
                      std::int64_t evaluations) {
  BudgetedObjective budgeted(objective, start, Evaluations(evaluations));
  CmaEs search(start, options);
  while (!search.Converged() && search.Step(budgeted)) {
  }
  return budgeted.TakeResult();
}

TEST(CmaEsTest, FindsAnOptimumInsideTheBox) {
  TestObjective bowl = Bowl({0.3, -0.7, 0.0, 0.9}, /*with_gradient=*/false);
  const SearchResult result = RunCmaEs(bowl, {0, 0, 0, 0}, {.sigma = 0.3}, 4000);
  EXPECT_NEAR(result.value, 0.0, 1e-5);
  EXPECT_NEAR(result.levels[1], -0.7, 3e-3);
}

TEST(CmaEsTest, FindsAnOptimumInACornerOfTheBox) {
  TestObjective bowl = Bowl({2.0, -3.0, 0.5}, /*with_gradient=*/false);
  const SearchResult result = RunCmaEs(bowl, {0, 0, 0}, {.sigma = 0.3}, 4000);
  EXPECT_NEAR(result.value, -(1.0 + 4.0), 1e-6);
  EXPECT_NEAR(result.levels[0], 1.0, 1e-6);
  EXPECT_NEAR(result.levels[1], -1.0, 1e-6);
}

TEST(CmaEsTest, NeedsNeitherGradientNorSmoothness) {
  TestObjective peak(3, [](absl::Span<const double> x) {
    return -std::abs(x[0] - 0.4) - 10.0 * std::abs(x[1] + 0.2) - std::abs(x[2]);
  });
  EXPECT_NEAR(RunCmaEs(peak, {0, 0, 0.5}, {.sigma = 0.3}, 6000).value, 0.0, 1e-3);
}

TEST(CmaEsTest, SameSeedSameSearch) {
  TestObjective hills = Hills(5);
  const std::vector<double> start(5, 0.0);
  const SearchResult first = RunCmaEs(hills, start, {.seed = 4}, 500);
  const SearchResult second = RunCmaEs(hills, start, {.seed = 4}, 500);
  const SearchResult other = RunCmaEs(hills, start, {.seed = 5}, 500);
  EXPECT_EQ(first.levels, second.levels);
  EXPECT_NE(first.levels, other.levels);
}

TEST(CmaEsTest, AValueThatIsNotFiniteNeverWins) {
  for (const double broken : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    TestObjective cliff(2, [broken](absl::Span<const double> x) { return x[0] > 0.2 ? broken : x[0]; });
    const SearchResult result = RunCmaEs(cliff, {-0.5, 0.0}, {.sigma = 0.3}, 2000);
    EXPECT_TRUE(std::isfinite(result.value));
    EXPECT_NEAR(result.value, 0.2, 1e-2);
  }
}

TEST(CmaEsTest, SeesValuesThroughTheirRanksAlone) {
  TestObjective hills = Hills(4);
  TestObjective stretched(4, [&](absl::Span<const double> x) { return std::exp(hills.Value(x)); });
  const std::vector<double> start(4, -0.3);
  EXPECT_EQ(RunCmaEs(hills, start, {.seed = 2}, 300).levels, RunCmaEs(stretched, start, {.seed = 2}, 300).levels);
}

TEST(CmaEsTest, LearnsTheScaleOfEachLevel) {
  TestObjective narrow(6, [](absl::Span<const double> x) {
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) sum -= std::pow(4.0, static_cast<double>(i)) * x[i] * x[i];
    return sum;
  });
  EXPECT_NEAR(RunCmaEs(narrow, std::vector<double>(6, 0.4), {.sigma = 0.3}, 2500).value, 0.0, 1e-6);
}

TEST(CmaEsTest, FindsBackFromABoundThatItWasDrivenTo) {
  // Uphill leads to the bound at first, then away from it.
  TestObjective moving(2, [](absl::Span<const double> x) {
    return x[1] < 0.5 ? x[1] + 0.1 * x[0] : 10.0 - std::abs(x[0] + 0.5) - std::abs(x[1] - 0.8);
  });
  EXPECT_NEAR(RunCmaEs(moving, {0.9, -0.9}, {.sigma = 0.1}, 3000).value, 10.0, 0.02);
}

TEST(CmaEsTest, AGenerationThatTheBudgetCutsShortChangesNothing) {
  TestObjective bowl = Bowl({0.3, 0.3}, /*with_gradient=*/false);
  const std::vector<double> start = {0.0, 0.0};
  CmaEs search(start, {});
  BudgetedObjective budgeted(bowl, start, Evaluations(search.population() - 1));
  EXPECT_FALSE(search.Step(budgeted));
  EXPECT_EQ(std::vector<double>(search.mean().begin(), search.mean().end()), start);
  EXPECT_EQ(search.sigma(), CmaEsOptions().sigma);
}

TEST(CmaEsTest, ConvergesWhereEverythingIsEqual) {
  TestObjective flat(3, [](absl::Span<const double>) { return 1.0; });
  EXPECT_LT(RunCmaEs(flat, {0, 0, 0}, {}, 100'000).evaluations, 1000);
}

TEST(ProjectedLbfgsTest, ClimbsACurvedValley) {
  TestObjective valley = Valley(10);
  const std::vector<double> start(10, -0.5);
  BudgetedObjective budgeted(valley, start, Evaluations(3000));
  ProjectedLbfgs(10).Climb(start, budgeted);
  EXPECT_NEAR(budgeted.best_value(), 0.0, 1e-5);
}

TEST(ProjectedLbfgsTest, StopsAtTheFaceOfTheBoxThatTheGradientPushesAgainst) {
  TestObjective bowl = Bowl({2.0, 0.25, -5.0}, /*with_gradient=*/true);
  const std::vector<double> start(3, 0.0);
  BudgetedObjective budgeted(bowl, start, Evaluations(500));
  ProjectedLbfgs(3).Climb(start, budgeted);
  EXPECT_NEAR(budgeted.best_levels()[0], 1.0, 1e-9);
  EXPECT_NEAR(budgeted.best_levels()[1], 0.25, 1e-6);
  EXPECT_NEAR(budgeted.best_levels()[2], -1.0, 1e-9);
  EXPECT_LT(budgeted.evaluations(), 15);
}

TEST(ProjectedLbfgsTest, SlidesAlongAFaceOfTheBox) {
  // On the face x_0 = 1 the slope of x_1 is -2 x_1 + .9 - 1.8.
  TestObjective tilted(
      2,
      [](absl::Span<const double> x) {
        return 4.0 * x[0] - x[0] * x[0] - x[1] * x[1] + 0.9 * x[0] * x[1] - 1.8 * x[1];
      },
      [](absl::Span<const double> x, absl::Span<double> gradient) {
        gradient[0] = 4.0 - 2.0 * x[0] + 0.9 * x[1];
        gradient[1] = -2.0 * x[1] + 0.9 * x[0] - 1.8;
      });
  const std::vector<double> start = {1.0, 0.9};
  BudgetedObjective budgeted(tilted, start, Evaluations(100));
  ProjectedLbfgs(2).Climb(start, budgeted);
  EXPECT_NEAR(budgeted.best_levels()[0], 1.0, 1e-9);
  EXPECT_NEAR(budgeted.best_levels()[1], -0.45, 1e-4);
}

TEST(ProjectedLbfgsTest, StaysWithinItsBudget) {
  for (const std::int64_t allowed : {0, 1, 5, 17}) {
    TestObjective valley = Valley(6);
    const std::vector<double> start(6, -0.5);
    BudgetedObjective budgeted(valley, start, Evaluations(allowed));
    ProjectedLbfgs(6).Climb(start, budgeted);
    EXPECT_EQ(valley.evaluations(), allowed);
  }
}

TEST(ProjectedLbfgsTest, NoticesAGradientThatMisguides) {
  // The value falls in steps where the gradient promises a rise.
  TestObjective stairs(
      2, [](absl::Span<const double> x) { return -std::floor(20.0 * x[0]) - std::floor(20.0 * x[1]); },
      [](absl::Span<const double>, absl::Span<double> gradient) { gradient[0] = gradient[1] = 1.0; });
  const std::vector<double> start = {-0.51, -0.52};
  BudgetedObjective budgeted(stairs, start, Evaluations(500));
  ProjectedLbfgs climber(2);
  EXPECT_TRUE(climber.GradientGuides());
  climber.Climb(start, budgeted);
  EXPECT_FALSE(climber.GradientGuides());
  EXPECT_LT(budgeted.evaluations(), 30);
}

TEST(ProjectedLbfgsTest, EndsWhereNothingMaySlideOrTheValueIsNoNumber) {
  TestObjective flat(
      2, [](absl::Span<const double>) { return 1.0; },
      [](absl::Span<const double>, absl::Span<double> gradient) { gradient[0] = gradient[1] = 0.0; });
  TestObjective broken(
      2, [](absl::Span<const double>) { return std::numeric_limits<double>::quiet_NaN(); },
      [](absl::Span<const double>, absl::Span<double> gradient) { gradient[0] = gradient[1] = 1.0; });
  const std::vector<double> start(2, 0.0);
  for (TestObjective* objective : {&flat, &broken}) {
    BudgetedObjective budgeted(*objective, start, Evaluations(100));
    ProjectedLbfgs(2).Climb(start, budgeted);
    EXPECT_EQ(objective->evaluations(), 1);
  }
}

TEST(BudgetTest, EvaluationsAreCountedExactly) {
  for (const std::int64_t allowed : {1, 7, 100}) {
    TestObjective hills = Hills(4);
    const SearchResult result = MultiStartCmaEs(hills, std::vector<double>(4, 0.0), Evaluations(allowed));
    EXPECT_EQ(hills.evaluations(), allowed);
    EXPECT_EQ(result.evaluations, allowed);
  }
}

TEST(BudgetTest, ASearchEndsWithItsDeadline) {
  // Every evaluation takes a millisecond of a clock that is stepped by hand.
  Time now{};
  TestObjective slow(3, [&](absl::Span<const double> x) {
    now += milliseconds(1);
    return -x[0] * x[0];
  });
  Budget budget;
  budget.deadline = now + milliseconds(25);
  budget.clock = [&] { return now; };
  Polish(slow, std::vector<double>(3, 0.5), budget);
  EXPECT_EQ(slow.evaluations(), 25);
}

TEST(BudgetTest, NothingIsEvaluatedOnceItIsSpent) {
  for (const bool with_gradient : {false, true}) {
    TestObjective bowl = Bowl({0.0, 0.0}, with_gradient);
    const std::vector<double> start = {0.5, -0.5};
    const SearchResult result = Polish(bowl, start, Evaluations(0));
    EXPECT_EQ(bowl.evaluations(), 0);
    EXPECT_EQ(result.levels, start);
    EXPECT_EQ(result.value, -std::numeric_limits<double>::infinity());
  }
}

TEST(BudgetTest, ImprovementsCarryTimeAndEvaluations) {
  Time now{};
  TestObjective slow(1, [&](absl::Span<const double> x) {
    now += milliseconds(2);
    return x[0];
  });
  Budget budget;
  budget.clock = [&] { return now; };
  std::vector<Improvement> seen;
  const std::vector<double> start = {0.0};
  BudgetedObjective budgeted(slow, start, budget, [&](const Improvement& step) { seen.push_back(step); });
  for (const double level : {0.1, 0.0, 0.3}) budgeted.Value({&level, 1});
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].elapsed, milliseconds(2));
  EXPECT_EQ(seen[0].evaluations, 1);
  EXPECT_EQ(seen[1].elapsed, milliseconds(6));
  EXPECT_EQ(seen[1].evaluations, 3);
  EXPECT_EQ(seen[1].value, 0.3);
}

TEST(PolishTest, IsNeverWorseThanItsStartAndOnlyImproves) {
  TestObjective hills = Hills(6);
  const std::vector<double> start = {0.21, 0.19, 0.2, 0.55, -0.4, 0.2};
  std::vector<double> values;
  PolishOptions options;
  options.on_improvement = [&](const Improvement& improvement) { values.push_back(improvement.value); };
  const double before = hills.Value(start);
  for (const std::int64_t allowed : {1, 50, 5000}) {
    values.clear();
    const SearchResult result = Polish(hills, start, Evaluations(allowed), options);
    EXPECT_GE(result.value, before);
    EXPECT_EQ(result.value, hills.Value(result.levels));
    for (std::size_t i = 1; i < values.size(); ++i) EXPECT_GT(values[i], values[i - 1]);
    EXPECT_EQ(values.back(), result.value);
  }
}

TEST(PolishTest, FollowsTheGradientWhereThereIsOne) {
  TestObjective valley = Valley(12);
  EXPECT_NEAR(Polish(valley, std::vector<double>(12, 0.3), Evaluations(2000)).value, 0.0, 1e-5);
}

TEST(PolishTest, ReachesTheOptimumNearItsStartWithoutAGradient) {
  TestObjective bowl = Bowl(std::vector<double>(8, 0.33), /*with_gradient=*/false);
  EXPECT_NEAR(Polish(bowl, std::vector<double>(8, 0.25), Evaluations(5000)).value, 0.0, 1e-5);
}

TEST(PolishTest, WidensItsSamplesWhereNothingBetterIsNear) {
  // Two hills a level's half range apart; the start is the top of the lower one.
  TestObjective two(2, [](absl::Span<const double> x) {
    const double low = std::exp(-50.0 * ((x[0] + 0.5) * (x[0] + 0.5) + x[1] * x[1]));
    const double high = std::exp(-50.0 * ((x[0] - 0.5) * (x[0] - 0.5) + x[1] * x[1]));
    return low + 2.0 * high;
  });
  EXPECT_NEAR(Polish(two, std::vector<double>{-0.5, 0.0}, Evaluations(5000)).value, 2.0, 1e-6);
}

TEST(PolishTest, SamplesWhereTheGradientMisguides) {
  // A bowl whose slope is stated the wrong way round.
  TestObjective bowl = Bowl({0.3, 0.3, 0.3}, /*with_gradient=*/true);
  TestObjective liar(
      3, [&](absl::Span<const double> x) { return bowl.Value(x); },
      [](absl::Span<const double> x, absl::Span<double> gradient) {
        for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = 2.0 * (x[i] - 0.3);
      });
  EXPECT_NEAR(Polish(liar, std::vector<double>(3, 0.2), Evaluations(2000)).value, 0.0, 1e-6);
}

TEST(PolishTest, LeavesAFlatStart) {
  // Nothing to be seen from the start: neither value nor gradient.
  const auto value = [](absl::Span<const double> x) { return std::max(0.0, x[0] + x[1] - 0.5); };
  const auto slope = [](absl::Span<const double> x, absl::Span<double> gradient) {
    gradient[0] = gradient[1] = x[0] + x[1] > 0.5 ? 1.0 : 0.0;
  };
  TestObjective plateau(2, value, slope);
  EXPECT_NEAR(Polish(plateau, std::vector<double>{-0.8, -0.8}, Evaluations(1000)).value, 1.5, 1e-9);
}

TEST(PolishBestTest, WithAnEvaluationForEachProposalIsTheBestOfThem) {
  TestObjective bowl = Bowl({0.2, 0.2}, /*with_gradient=*/true);
  const std::vector<double> proposals = {0.9, 0.9, 0.1, 0.3, -0.5, 0.2};
  const SearchResult result = PolishBest(bowl, proposals, Evaluations(3));
  EXPECT_EQ(bowl.evaluations(), 3);
  EXPECT_EQ(result.levels, (std::vector<double>{0.1, 0.3}));
  EXPECT_NEAR(result.value, -0.02, 1e-12);
}

TEST(PolishBestTest, EvaluatesTheFirstProposalWhateverTheBudget) {
  for (const std::int64_t allowed : {0, 1}) {
    TestObjective bowl = Bowl({0.2, 0.2}, /*with_gradient=*/false);
    const std::vector<double> proposals = {0.9, 0.9, 0.2, 0.2};
    const SearchResult result = PolishBest(bowl, proposals, Evaluations(allowed));
    EXPECT_EQ(bowl.evaluations(), 1);
    EXPECT_EQ(result.levels, (std::vector<double>{0.9, 0.9}));
    EXPECT_NEAR(result.value, -0.98, 1e-12);
  }
}

TEST(PolishBestTest, LeavesProposalsOutOnceTheDeadlineHasPassed) {
  Time now{};
  TestObjective slow(1, [&](absl::Span<const double> x) {
    now += milliseconds(1);
    return x[0];
  });
  Budget budget;
  budget.deadline = now + milliseconds(2);
  budget.clock = [&] { return now; };
  const std::vector<double> proposals = {0.1, 0.2, 0.9};
  EXPECT_EQ(PolishBest(slow, proposals, budget).value, 0.2);
  EXPECT_EQ(slow.evaluations(), 2);
}

TEST(PolishBestTest, PolishesTheBestProposal) {
  // Two hills out of each other's sight; only the last proposal is at the foot of the higher one.
  const auto hill = [](absl::Span<const double> x, double center, double height) {
    return std::max(0.0, height - 100.0 * (x[0] - center) * (x[0] - center));
  };
  TestObjective two(
      1, [&](absl::Span<const double> x) { return hill(x, -0.5, 1.0) + hill(x, 0.5, 2.0); },
      [&](absl::Span<const double> x, absl::Span<double> gradient) {
        gradient[0] = hill(x, -0.5, 1.0) > 0.0 ? -200.0 * (x[0] + 0.5) : 0.0;
        if (hill(x, 0.5, 2.0) > 0.0) gradient[0] = -200.0 * (x[0] - 0.5);
      });
  const std::vector<double> proposals = {-0.55, 0.0, 0.6};
  EXPECT_NEAR(PolishBest(two, proposals, Evaluations(6)).value, 2.0, 1e-6);
}

TEST(PolishBestTest, AProposalWithoutAFiniteValueIsNeverTheBest) {
  TestObjective cliff(
      1, [](absl::Span<const double> x) { return x[0] > 0.5 ? std::numeric_limits<double>::quiet_NaN() : x[0]; });
  const std::vector<double> proposals = {0.9, -0.3};
  EXPECT_EQ(PolishBest(cliff, proposals, Evaluations(2)).levels, (std::vector<double>{-0.3}));
}

TEST(PolishTest, SameSeedSameResult) {
  TestObjective valley = Valley(5);
  PolishOptions options;
  options.seed = 9;
  const std::vector<double> start(5, -0.9);
  const SearchResult first = Polish(valley, start, Evaluations(300), options);
  EXPECT_EQ(Polish(valley, start, Evaluations(300), options).levels, first.levels);
  options.seed = 10;
  EXPECT_NE(Polish(valley, start, Evaluations(300), options).levels, first.levels);
}

TEST(MultiStartTest, FindsTheHighestOfManyHills) {
  TestObjective hills = Hills(3);
  const std::vector<double> start(3, -0.8);
  EXPECT_NEAR(MultiStartCmaEs(hills, start, Evaluations(40'000)).value, 0.0, 1e-6);
}

TEST(MultiStartTest, ClimbsFromManyStarts) {
  // Two hills: the start lies on the lower one.
  const auto value = [](absl::Span<const double> x) {
    return std::exp(-20.0 * (x[0] + 0.6) * (x[0] + 0.6)) + 2.0 * std::exp(-20.0 * (x[0] - 0.6) * (x[0] - 0.6));
  };
  const auto slope = [](absl::Span<const double> x, absl::Span<double> gradient) {
    gradient[0] = -40.0 * (x[0] + 0.6) * std::exp(-20.0 * (x[0] + 0.6) * (x[0] + 0.6)) -
                  80.0 * (x[0] - 0.6) * std::exp(-20.0 * (x[0] - 0.6) * (x[0] - 0.6));
  };
  TestObjective two(1, value, slope);
  EXPECT_NEAR(MultiStartClimb(two, std::vector<double>{-0.7}, Evaluations(2000)).value, 2.0, 1e-6);
}

}  // namespace
}  // namespace giot::search
