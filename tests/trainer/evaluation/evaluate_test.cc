#include "trainer/evaluation/evaluate.h"

#include <gtest/gtest.h>

#include "tests/trainer/small_bundle.h"
#include "tests/trainer/test_folder.h"
#include "trainer/evaluation/report.h"
#include "trainer/policy_export.h"

namespace giot::trainer {
namespace {

EvaluationOptions SmallEvaluation() {
  EvaluationOptions options;
  options.markets = 300;
  options.spread_markets = 20;
  options.spread_samples = 4;
  return options;
}

class EvaluateTest : public testing::Test {
 protected:
  std::vector<MarketOutcome> Evaluate(const EvaluationOptions& options) {
    const auto outcomes = EvaluateBundle(*bundle_, options);
    EXPECT_TRUE(outcomes.ok()) << outcomes.status();
    return outcomes.value_or(std::vector<MarketOutcome>());
  }

  const std::filesystem::path scratch_ = TestFolder();
  const std::shared_ptr<const bundle::Bundle> bundle_ = bundle::Bundle::Load(WriteSmallBundle(scratch_, 1)).value();
};

TEST_F(EvaluateTest, EveryMenuIsFeasibleAndNoneBeatsTheOptimum) {
  for (const MarketOutcome& outcome : Evaluate(SmallEvaluation())) {
    for (const Method method : kMethods) {
      EXPECT_TRUE(outcome[method].feasible) << NameOf(method);
      EXPECT_LE(outcome[method].ratio, 1.0 + 1e-9) << NameOf(method);
    }
    EXPECT_LE(outcome[Method::kPolicyPosted].ratio, outcome[Method::kPolicy].ratio + 1e-4);
  }
}

TEST_F(EvaluateTest, SameSeedSameOutcomes) {
  const std::vector<MarketOutcome> first = Evaluate(SmallEvaluation());
  const std::vector<MarketOutcome> second = Evaluate(SmallEvaluation());
  for (const Method method : kMethods) EXPECT_EQ(Ratios(first, method), Ratios(second, method));
}

TEST_F(EvaluateTest, BaselinesSeeTheSameMarketsWhateverThePolicyDraws) {
  EvaluationOptions best_of_two = SmallEvaluation();
  best_of_two.samples = 2;
  const std::vector<MarketOutcome> one = Evaluate(SmallEvaluation());
  const std::vector<MarketOutcome> two = Evaluate(best_of_two);
  EXPECT_EQ(Ratios(one, Method::kPooling), Ratios(two, Method::kPooling));
  EXPECT_EQ(Ratios(one, Method::kRandomMonotone), Ratios(two, Method::kRandomMonotone));
  EXPECT_GE(Report(two).methods[0].ratio.mean, Report(one).methods[0].ratio.mean);
}

TEST_F(EvaluateTest, SpreadIsMeasuredOnTheFirstMarkets) {
  const std::vector<MarketOutcome> outcomes = Evaluate(SmallEvaluation());
  EXPECT_TRUE(outcomes[0].spread.has_value());
  EXPECT_GT(*outcomes[0].spread, 0.0);
  EXPECT_FALSE(outcomes[20].spread.has_value());
}

TEST_F(EvaluateTest, AnExportHoldsTheEvaluationOfThatPolicy) {
  ExportOptions options;
  options.name = "exported";
  options.version = 7;
  options.training_command = "none";
  options.trainer_version = "test";
  options.evaluation = SmallEvaluation();
  const auto folder = ExportPolicy(scratch_ / "root", SmallPolicy(bundle::Family::kScreening), options);
  ASSERT_TRUE(folder.ok()) << folder.status();
  EXPECT_EQ(*folder, scratch_ / "root" / "exported" / "7");
  const auto exported = bundle::Bundle::Load(*folder);
  ASSERT_TRUE(exported.ok()) << exported.status();
  // The same weights as the fixture's bundle.
  const RatioSummary expected = Report(Evaluate(SmallEvaluation())).methods[0].ratio;
  EXPECT_NEAR((*exported)->manifest().metrics.at("ratio_mean"), expected.mean, 1e-12);
  EXPECT_EQ((*exported)->manifest().metrics.at("heldout_markets"), 300);
  EXPECT_EQ(ExportPolicy(scratch_ / "root", SmallPolicy(bundle::Family::kScreening), options).status().code(),
            absl::StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace giot::trainer
