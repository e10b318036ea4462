#include "server/engine/uncertain_engine.h"

#include <chrono>
#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/uncertain/audit.h"
#include "models/uncertain/pack.h"
#include "server/rpc/uncertain_convert.h"
#include "tests/server/market.h"
#include "tests/server/test_model.h"

namespace giot::engine {
namespace {

using std::chrono::steady_clock;

class UncertainEngineTest : public testing::Test {
 protected:
  absl::StatusOr<UncertainAnswer> Generate(const v1::GenerateContractRequest& request, const Effort& effort) {
    const auto market = rpc::MarketFrom(request.uncertain());
    EXPECT_TRUE(market.ok()) << market.status();
    return engine::Generate(model_.get(), WhySearch(model_.get(), Traits(*market)), *market, effort, nullptr);
  }

  const std::shared_ptr<const bundle::Bundle> model_ = TestModel(bundle::Family::kUncertain);
};

TEST_F(UncertainEngineTest, ServesTheBestOfThePolicysSamplesWithABound) {
  const auto answer = Generate(UncertainRequest(), {.samples = 4, .seed = 1});
  ASSERT_TRUE(answer.ok()) << answer.status();
  const BoundCertificate& certificate = answer->certificate;
  EXPECT_FALSE(certificate.search.has_value());
  EXPECT_EQ(certificate.evaluations, 4);
  EXPECT_LT(certificate.utility, certificate.upper_bound);
  ASSERT_TRUE(certificate.bound_ratio.has_value());
  EXPECT_EQ(*certificate.bound_ratio, certificate.utility / certificate.upper_bound);
  EXPECT_GE(certificate.worst_ir_slack, 0.0);
  EXPECT_GE(certificate.worst_ic_slack, 0.0);
  EXPECT_GE(certificate.participation, 0.0);
  EXPECT_LE(certificate.participation, 1.0 + 1e-12);
}

TEST_F(UncertainEngineTest, CertifiesThePostedMenu) {
  const auto market = rpc::MarketFrom(UncertainRequest().uncertain());
  const auto answer = Generate(UncertainRequest(), {.seed = 1});
  ASSERT_TRUE(answer.ok()) << answer.status();
  const auto audit = uncertain::Audit(*market, uncertain::Scenarios(*market), answer->menu);
  EXPECT_TRUE(audit.Feasible(0.0));
  EXPECT_EQ(answer->certificate.utility, audit.utility_per_vehicle);
  EXPECT_EQ(answer->certificate.participation, audit.participation);
}

TEST_F(UncertainEngineTest, SameSeedSameMenu) {
  const auto first = Generate(UncertainRequest(), {.seed = 1});
  const auto second = Generate(UncertainRequest(), {.seed = 1});
  const auto other = Generate(UncertainRequest(), {.seed = 2});
  ASSERT_TRUE(first.ok() && second.ok() && other.ok());
  EXPECT_EQ(first->menu.items(), second->menu.items());
  EXPECT_NE(first->menu.items(), other->menu.items());
}

TEST_F(UncertainEngineTest, TimeMakesTheMenuBetter) {
  const auto proposed = Generate(UncertainRequest(), {.seed = 1});
  const auto polished = Generate(UncertainRequest(), {.seed = 1, .time_budget = absl::Milliseconds(50)});
  ASSERT_TRUE(proposed.ok() && polished.ok());
  EXPECT_FALSE(polished->certificate.search.has_value());
  EXPECT_GT(polished->certificate.evaluations, proposed->certificate.evaluations);
  EXPECT_GT(polished->certificate.utility, proposed->certificate.utility);
}

TEST_F(UncertainEngineTest, SearchesOutsideTheRangesAndSaysWhichFieldItIs) {
  v1::GenerateContractRequest request = UncertainRequest();
  request.mutable_uncertain()->set_value_rate(5000.0);
  const auto answer = Generate(request, {.seed = 1});
  const auto again = Generate(request, {.seed = 1});
  ASSERT_TRUE(answer.ok() && again.ok()) << answer.status();
  ASSERT_TRUE(answer->certificate.search.has_value());
  EXPECT_EQ(answer->certificate.search->reason, SearchReason::kOutsideRanges);
  EXPECT_THAT(answer->certificate.search->text, testing::HasSubstr("value_rate"));
  EXPECT_GT(answer->certificate.utility, 0.0);
  EXPECT_LE(answer->certificate.evaluations, kSearchEvaluations);
  EXPECT_EQ(answer->menu.items(), again->menu.items());
}

TEST_F(UncertainEngineTest, SearchesWithoutAModel) {
  const auto market = rpc::MarketFrom(UncertainRequest().uncertain());
  const auto answer = engine::Generate(nullptr, WhySearch(nullptr, Traits(*market)), *market, {}, nullptr);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_TRUE(answer->certificate.search.has_value());
  EXPECT_EQ(answer->certificate.search->reason, SearchReason::kNoModel);
  EXPECT_GT(*answer->certificate.bound_ratio, 0.5);
}

// Says that it is cancelled from some time on, and remembers when it first did.
class CancelLater {
 public:
  bool operator()() {
    const auto now = steady_clock::now();
    if (now < start_ + std::chrono::milliseconds(20)) return false;
    if (said_ == steady_clock::time_point()) said_ = now;
    return true;
  }
  steady_clock::duration since() const { return steady_clock::now() - said_; }

 private:
  const steady_clock::time_point start_ = steady_clock::now();
  steady_clock::time_point said_;
};

TEST_F(UncertainEngineTest, CancellationEndsPolishAndSearchSoon) {
  const auto market = rpc::MarketFrom(UncertainRequest().uncertain());
  const Effort effort{.time_budget = absl::Minutes(10)};
  for (const bundle::Bundle* model : {model_.get(), static_cast<const bundle::Bundle*>(nullptr)}) {
    CancelLater cancel;
    const auto cause = WhySearch(model, Traits(*market));
    const auto answer = engine::Generate(model, cause, *market, effort, [&cancel] { return cancel(); });
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kCancelled) << answer.status();
    EXPECT_LT(cancel.since(), std::chrono::milliseconds(50));  // Other programs may get in between.
  }
}

}  // namespace
}  // namespace giot::engine
