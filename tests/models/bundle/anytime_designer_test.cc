#include "models/bundle/anytime_designer.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/bundle/propose.h"
#include "models/freshness/audit.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/market_sampler.h"
#include "models/freshness/pack.h"
#include "models/uncertain/audit.h"
#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/market_sampler.h"
#include "models/uncertain/pack.h"
#include "tests/models/bundle/test_bundle.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;

search::Budget Evaluations(std::int64_t evaluations) {
  search::Budget budget;
  budget.evaluations = evaluations;
  return budget;
}

// What the two families differ in, for tests of what they share.
struct UncertainProblem {
  static constexpr Family kFamily = Family::kUncertain;

  explicit UncertainProblem(std::mt19937_64& random) : market(uncertain::SampleMarket({}, random)), scenarios(market) {}
  auto Design(const Bundle& bundle, const AnytimeOptions& options,
              const std::function<bool()>& cancelled = nullptr) const {
    return DesignMenu(bundle, market, scenarios, options, cancelled);
  }
  uncertain::AuditReport Audit(const contract::Menu& menu) const { return uncertain::Audit(market, scenarios, menu); }
  double ValueOf(absl::Span<const double> levels) const {
    return Audit(uncertain::DecodeLevels(market, levels)).utility_per_vehicle;
  }
  contract::PackedMarket Pack() const { return uncertain::Pack(market); }
  double Money() const { return market.cost_types().back(); }

  uncertain::UncertainMarket market;
  uncertain::Scenarios scenarios;
};

struct FreshnessProblem {
  static constexpr Family kFamily = Family::kFreshness;

  explicit FreshnessProblem(std::mt19937_64& random) : market(freshness::SampleMarket({}, random)) {}
  auto Design(const Bundle& bundle, const AnytimeOptions& options,
              const std::function<bool()>& cancelled = nullptr) const {
    return DesignMenu(bundle, market, options, cancelled);
  }
  freshness::AuditReport Audit(const freshness::Menu& menu) const { return freshness::Audit(market, menu); }
  double ValueOf(absl::Span<const double> levels) const {
    return Audit(freshness::DecodeLevels(market, levels).menu).utility_per_vehicle;
  }
  contract::PackedMarket Pack() const { return freshness::Pack(market); }
  double Money() const { return market.money_scale(); }

  freshness::FreshnessMarket market;
};

template <typename Problem>
class AnytimeDesignerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::string root =
        (std::filesystem::path(testing::TempDir()) / "anytime_of_").string() + std::string(NameOf(Problem::kFamily));
    std::filesystem::remove_all(root);
    bundle_ = *Bundle::Load(WriteTestBundle(root, "some", 1, Problem::kFamily));
  }
  static void TearDownTestSuite() { bundle_.reset(); }

  // By their true value, one by one.
  static std::vector<double> ValuesOfProposals(const Problem& problem, int samples, std::uint64_t seed) {
    const contract::PackedMarket market = problem.Pack();
    std::vector<double> values;
    for (int n = 0; n < samples; ++n) {
      std::vector<double> levels(static_cast<std::size_t>(ShapeOf(Problem::kFamily).channels * market.types));
      EXPECT_TRUE(Propose(*bundle_, market, seed, n, 1, absl::MakeSpan(levels)).ok());
      values.push_back(problem.ValueOf(levels));
    }
    return values;
  }

  inline static std::shared_ptr<const Bundle> bundle_;
  std::mt19937_64 random_{7};
};

using Problems = testing::Types<UncertainProblem, FreshnessProblem>;
TYPED_TEST_SUITE(AnytimeDesignerTest, Problems);

TYPED_TEST(AnytimeDesignerTest, WithoutPolishItIsTheBestOfItsProposals) {
  for (const int samples : {1, 5}) {
    const TypeParam problem(this->random_);
    const auto design = problem.Design(*this->bundle_, {.samples = samples, .seed = 3});
    ASSERT_TRUE(design.ok()) << design.status();
    const std::vector<double> values = this->ValuesOfProposals(problem, samples, 3);
    EXPECT_NEAR(design->utility_per_vehicle, *std::max_element(values.begin(), values.end()), 1e-5);
    EXPECT_EQ(design->evaluations, samples);
  }
}

TYPED_TEST(AnytimeDesignerTest, MenuIsFeasibleAndWorthWhatItSays) {
  for (int i = 0; i < 10; ++i) {
    const TypeParam problem(this->random_);
    for (const std::int64_t evaluations : {0, 200}) {
      const auto design = problem.Design(*this->bundle_, {.samples = 2, .seed = 3, .polish = Evaluations(evaluations)});
      ASSERT_TRUE(design.ok()) << design.status();
      const auto audit = problem.Audit(design->menu);
      EXPECT_TRUE(audit.Feasible(1e-12 * problem.Money()));
      EXPECT_NEAR(audit.utility_per_vehicle, design->utility_per_vehicle, 1e-12 * problem.Money());
    }
  }
}

TYPED_TEST(AnytimeDesignerTest, PolishIsNeverWorseAndMostlyBetter) {
  int better = 0;
  for (int i = 0; i < 10; ++i) {
    const TypeParam problem(this->random_);
    const auto plain = problem.Design(*this->bundle_, {.samples = 2, .seed = 3});
    const auto polished = problem.Design(*this->bundle_, {.samples = 2, .seed = 3, .polish = Evaluations(100)});
    ASSERT_TRUE(plain.ok() && polished.ok());
    EXPECT_GE(polished->utility_per_vehicle, plain->utility_per_vehicle);
    EXPECT_GT(polished->evaluations, 2);
    EXPECT_LE(polished->evaluations, 102);
    if (polished->utility_per_vehicle > plain->utility_per_vehicle + 1e-3) ++better;
  }
  EXPECT_GE(better, 8);
}

TYPED_TEST(AnytimeDesignerTest, SameSeedAndEvaluationsSameMenu) {
  const TypeParam problem(this->random_);
  const AnytimeOptions options{.samples = 3, .seed = 21, .polish = Evaluations(300)};
  const auto first = problem.Design(*this->bundle_, options);
  const auto second = problem.Design(*this->bundle_, options);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->utility_per_vehicle, second->utility_per_vehicle);
  EXPECT_EQ(first->evaluations, second->evaluations);
  ASSERT_EQ(first->menu.size(), second->menu.size());
  for (int j = 0; j < first->menu.size(); ++j) EXPECT_EQ(first->menu[j].reward, second->menu[j].reward);
}

TYPED_TEST(AnytimeDesignerTest, PolishEndsAtItsDeadline) {
  const TypeParam problem(this->random_);
  // A clock that advances by a millisecond each time that it is read.
  std::chrono::steady_clock::time_point now{};
  search::Budget polish;
  polish.clock = [&now] { return now += std::chrono::milliseconds(1); };
  polish.deadline = now + std::chrono::milliseconds(100);
  const auto design = problem.Design(*this->bundle_, {.samples = 2, .seed = 3, .polish = polish});
  ASSERT_TRUE(design.ok()) << design.status();
  EXPECT_GT(design->evaluations, 10);
  EXPECT_LE(design->evaluations, 100);
}

TYPED_TEST(AnytimeDesignerTest, DeadlineThatHasPassedLeavesTheFirstProposal) {
  const TypeParam problem(this->random_);
  search::Budget polish;
  polish.deadline = std::chrono::steady_clock::time_point::min();
  const auto design = problem.Design(*this->bundle_, {.samples = 100, .seed = 3, .polish = polish});
  ASSERT_TRUE(design.ok()) << design.status();
  EXPECT_EQ(design->evaluations, 1);
  EXPECT_NEAR(design->utility_per_vehicle, this->ValuesOfProposals(problem, 1, 3)[0], 1e-5);
}

TYPED_TEST(AnytimeDesignerTest, CancellationEndsProposalsAndPolish) {
  const TypeParam problem(this->random_);
  int asked = 0;
  const auto in_third_chunk = [&asked] { return ++asked == 3; };
  EXPECT_EQ(problem.Design(*this->bundle_, {.samples = 1000}, in_third_chunk).status().code(), StatusCode::kCancelled);
  EXPECT_EQ(asked, 3);
  // A polish without end, but for the cancellation.
  asked = 0;
  const auto in_polish = [&asked] { return ++asked >= 10; };
  const AnytimeOptions endless{.samples = 1, .seed = 1, .polish = {}};
  EXPECT_EQ(problem.Design(*this->bundle_, endless, in_polish).status().code(), StatusCode::kCancelled);
  EXPECT_LE(asked, 20);
}

TYPED_TEST(AnytimeDesignerTest, ArgumentsOutOfRangeAreInvalid) {
  const TypeParam problem(this->random_);
  EXPECT_EQ(problem.Design(*this->bundle_, {.samples = 0}).status().code(), StatusCode::kInvalidArgument);
}

TEST(AnytimeDesignerFamilyTest, BundleOfAnotherFamilyIsInvalid) {
  const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "anytime_of_another";
  std::filesystem::remove_all(root);
  const auto bundle = Bundle::Load(WriteTestBundle(root));
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  std::mt19937_64 random(1);
  EXPECT_EQ(UncertainProblem(random).Design(**bundle, {}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(FreshnessProblem(random).Design(**bundle, {}).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::bundle
