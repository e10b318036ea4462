#include "trainer/evaluation/evaluate_unsolved.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/trainer/small_bundle.h"
#include "tests/trainer/test_folder.h"
#include "trainer/evaluation/held_out_values.h"
#include "trainer/evaluation/unsolved_report.h"
#include "trainer/policy_export.h"

namespace giot::trainer {
namespace {

EvaluationOptions SmallEvaluation() {
  EvaluationOptions options;
  options.markets = 20;
  options.spread_markets = 4;
  options.spread_samples = 4;
  options.reference_evaluations = 200;
  return options;
}

class EvaluateUnsolvedTest : public testing::TestWithParam<bundle::Family> {
 protected:
  std::vector<UnsolvedOutcome> Evaluate(const EvaluationOptions& options) { return Evaluate(*bundle_, options); }
  std::vector<UnsolvedOutcome> Evaluate(const bundle::Bundle& bundle, const EvaluationOptions& options) {
    const auto outcomes = EvaluateUnsolved(bundle, options);
    EXPECT_TRUE(outcomes.ok()) << outcomes.status();
    return outcomes.value_or(std::vector<UnsolvedOutcome>());
  }
  std::shared_ptr<const bundle::Bundle> SmallBundle(std::uint64_t seed) {
    return bundle::Bundle::Load(WriteSmallBundle(scratch_, static_cast<int>(seed), seed, GetParam())).value();
  }

  const std::filesystem::path scratch_ = TestFolder();
  const std::shared_ptr<const bundle::Bundle> bundle_ = SmallBundle(1);
};

TEST_P(EvaluateUnsolvedTest, EveryMenuIsFeasibleAndNoneBeatsTheUpperBound) {
  const std::vector<UnsolvedOutcome> outcomes = Evaluate(SmallEvaluation());
  EXPECT_EQ(outcomes.size(), 20u);
  for (const UnsolvedOutcome& outcome : outcomes) {
    for (const UnsolvedMethod method : kUnsolvedMethods) {
      EXPECT_TRUE(outcome[method].feasible) << NameOf(method);
      EXPECT_LE(outcome[method].utility, outcome.upper_bound * (1.0 + 1e-9)) << NameOf(method);
    }
    EXPECT_GE(outcome.BestFound(), outcome[UnsolvedMethod::kPolicy].utility);
    EXPECT_GE(outcome.BestFound(), outcome[UnsolvedMethod::kSearch].utility);
    // Whole micro-units cost next to nothing.
    EXPECT_NEAR(outcome[UnsolvedMethod::kPolicyPosted].utility, outcome[UnsolvedMethod::kPolicy].utility, 1e-3);
  }
}

TEST_P(EvaluateUnsolvedTest, SameOptionsSameOutcomes) {
  const std::vector<UnsolvedOutcome> first = Evaluate(SmallEvaluation());
  const std::vector<UnsolvedOutcome> second = Evaluate(SmallEvaluation());
  for (const UnsolvedMethod method : kUnsolvedMethods) EXPECT_EQ(Ratios(first, method), Ratios(second, method));
}

TEST_P(EvaluateUnsolvedTest, MarketsAndSearchDoNotDependOnThePolicy) {
  EvaluationOptions best_of_three = SmallEvaluation();
  best_of_three.samples = 3;
  const std::vector<UnsolvedOutcome> one = Evaluate(SmallEvaluation());
  const std::vector<UnsolvedOutcome> other = Evaluate(*SmallBundle(2), best_of_three);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].upper_bound, other[i].upper_bound);
    EXPECT_EQ(one[i][UnsolvedMethod::kSearch].utility, other[i][UnsolvedMethod::kSearch].utility);
    EXPECT_EQ(one[i][UnsolvedMethod::kSingleItem].utility, other[i][UnsolvedMethod::kSingleItem].utility);
  }
  EXPECT_NE(Ratios(one, UnsolvedMethod::kPolicy), Ratios(other, UnsolvedMethod::kPolicy));
}

TEST_P(EvaluateUnsolvedTest, TheBestOfSeveralSamplesIsNoWorseThanTheFirst) {
  EvaluationOptions best_of_four = SmallEvaluation();
  best_of_four.samples = 4;
  const std::vector<UnsolvedOutcome> one = Evaluate(SmallEvaluation());
  const std::vector<UnsolvedOutcome> four = Evaluate(best_of_four);
  for (std::size_t i = 0; i < one.size(); ++i) {
    // TorchScript rounds the levels of one sample otherwise among others, by some 3e-8.
    EXPECT_GE(four[i][UnsolvedMethod::kPolicy].utility, one[i][UnsolvedMethod::kPolicy].utility - 1e-7);
  }
}

TEST_P(EvaluateUnsolvedTest, SpreadIsMeasuredOnTheFirstMarkets) {
  const std::vector<UnsolvedOutcome> outcomes = Evaluate(SmallEvaluation());
  ASSERT_TRUE(outcomes[0].spread.has_value());
  EXPECT_GT(*outcomes[0].spread, 0.0);
  EXPECT_FALSE(outcomes[4].spread.has_value());
}

TEST_P(EvaluateUnsolvedTest, WithoutAReferenceTheSearchIsWorthNothing) {
  EvaluationOptions options = SmallEvaluation();
  options.reference_evaluations = 0;
  for (const UnsolvedOutcome& outcome : Evaluate(options)) EXPECT_EQ(outcome[UnsolvedMethod::kSearch].utility, 0.0);
}

TEST_P(EvaluateUnsolvedTest, AnExportHoldsTheEvaluationOfThatPolicyAndTheCostOfItsRun) {
  ExportOptions options;
  options.family = GetParam();
  options.name = "exported";
  options.version = 7;
  options.training_command = "none";
  options.trainer_version = "test";
  options.evaluation = SmallEvaluation();
  options.run = RunSummary{"completed", 400, {}, {100.0, 90.0, 0.0}, {20.0, 500.0}};
  const auto folder = ExportPolicy(scratch_ / "root", SmallPolicy(GetParam()), options);
  ASSERT_TRUE(folder.ok()) << folder.status();
  const auto exported = bundle::Bundle::Load(*folder);
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ((*exported)->manifest().family, GetParam());
  const std::map<std::string, double>& metrics = (*exported)->manifest().metrics;
  const UnsolvedSummary expected = Report(Evaluate(SmallEvaluation())).methods[0];
  EXPECT_NEAR(metrics.at("ratio_best_mean"), expected.of_best.mean, 1e-12);
  EXPECT_NEAR(metrics.at("ratio_best_min"), expected.of_best.min, 1e-12);
  EXPECT_NEAR(metrics.at("ratio_bound_mean"), expected.of_bound.mean, 1e-12);
  EXPECT_EQ(metrics.at("heldout_markets"), 20);
  EXPECT_EQ(metrics.at("reference_evaluations"), 200);
  EXPECT_EQ(metrics.at("infeasible_share"), 0.0);
  EXPECT_EQ(metrics.at("train_iterations"), 400);
  EXPECT_EQ(metrics.at("train_steps_per_second"), 4.0);
  EXPECT_EQ(metrics.at("train_cpu_seconds"), 90.0);
  EXPECT_NEAR(metrics.at("train_energy_kwh"), 90.0 * 20.0 / 3.6e6, 1e-15);
  EXPECT_NEAR(metrics.at("train_co2_g"), 0.25, 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Families, EvaluateUnsolvedTest,
                         testing::Values(bundle::Family::kUncertain, bundle::Family::kFreshness),
                         [](const testing::TestParamInfo<bundle::Family>& instance) {
                           return std::string(bundle::NameOf(instance.param));
                         });

TEST(MeasureHeldOut, WorksForEveryFamily) {
  for (const bundle::Family family :
       {bundle::Family::kScreening, bundle::Family::kUncertain, bundle::Family::kFreshness}) {
    const auto bundle = bundle::Bundle::Load(WriteSmallBundle(TestFolder(), 1, 1, family)).value();
    const auto values = MeasureHeldOut(*bundle, SmallEvaluation());
    ASSERT_TRUE(values.ok()) << values.status();
    EXPECT_EQ(values->infeasible, 0);
    const std::vector<double> shares = Shares(*values);
    ASSERT_EQ(shares.size(), 20u);
    for (const double share : shares) EXPECT_LE(share, 1.0 + 1e-9);
  }
}

}  // namespace
}  // namespace giot::trainer
