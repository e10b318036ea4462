#include "bench/anytime/methods.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "bench/anytime/held_out.h"

namespace giot::bench {
namespace {

using std::chrono::microseconds;
using Time = std::chrono::steady_clock::time_point;

// Proposes the same levels for every type, higher ones row by row, and takes 50 us of a
// clock that is stepped by hand.
class LevelProposer : public Proposer {
 public:
  explicit LevelProposer(Time& now) : now_(now) {}

  absl::Status Propose(const contract::PackedMarket& market, int samples, std::uint64_t /*seed*/,
                       absl::Span<double> levels) override {
    now_ += microseconds(50);
    types_ = market.types;
    const std::size_t row = levels.size() / static_cast<std::size_t>(samples);
    for (int sample = 0; sample < samples; ++sample) {
      const absl::Span<double> own = levels.subspan(static_cast<std::size_t>(sample) * row, row);
      std::fill(own.begin(), own.end(), -0.5 + 0.05 * sample);
    }
    return absl::OkStatus();
  }

  int types_ = 0;

 private:
  Time& now_;
};

class BrokenProposer : public Proposer {
 public:
  absl::Status Propose(const contract::PackedMarket&, int, std::uint64_t, absl::Span<double>) override {
    return absl::InternalError("no policy");
  }
};

const Method& Named(const std::vector<Method>& methods, const std::string& name) {
  return *std::find_if(methods.begin(), methods.end(), [&](const Method& method) { return method.name == name; });
}

TEST(MethodsTest, EachAnswersWithinItsBudgetAndOnlyImproves) {
  for (const std::string family : {"uncertain", "freshness"}) {
    const auto markets = HeldOutMarkets(family, 1);
    ASSERT_TRUE(markets.ok());
    Time now{};
    LevelProposer proposer(now);
    const bool with_items = markets->front()->item_objective() != nullptr;
    const std::vector<Method> methods = Methods(with_items, &proposer);
    EXPECT_EQ(methods.size(), with_items ? 10u : 7u);
    for (const Method& method : methods) {
      search::Budget budget;
      budget.evaluations = 300;
      std::vector<search::Improvement> seen;
      const auto note = [&](const search::Improvement& better) { seen.push_back(better); };
      ASSERT_TRUE(method.answer(*markets->front(), budget, note).ok()) << method.name;
      ASSERT_FALSE(seen.empty()) << method.name;
      for (std::size_t i = 1; i < seen.size(); ++i) EXPECT_GT(seen[i].value, seen[i - 1].value) << method.name;
      EXPECT_LE(seen.back().evaluations, 300) << method.name;
      EXPECT_LE(seen.back().value, markets->front()->upper_bound()) << method.name;
    }
  }
}

TEST(MethodsTest, APolicyIsTheBestOfItsSamplesAndPolishingImprovesOnThem) {
  const auto markets = HeldOutMarkets("uncertain", 1);
  ASSERT_TRUE(markets.ok());
  HeldOutMarket& market = *markets->front();
  Time now{};
  LevelProposer proposer(now);
  const std::vector<Method> methods = Methods(/*with_items=*/false, &proposer);
  double best_of_16 = -1e300;
  for (int sample = 0; sample < 16; ++sample) {
    const std::vector<double> levels(static_cast<std::size_t>(market.objective().dimension()), -0.5 + 0.05 * sample);
    best_of_16 = std::max(best_of_16, market.objective().Value(levels));
  }
  std::map<std::string, double> values;
  for (const char* name : {"policy_1", "policy_16", "policy_16_polish"}) {
    search::Budget budget;
    budget.evaluations = 100;
    const auto note = [&](const search::Improvement& better) { values[name] = better.value; };
    ASSERT_TRUE(Named(methods, name).answer(market, budget, note).ok());
  }
  EXPECT_DOUBLE_EQ(values["policy_16"], best_of_16);
  EXPECT_LT(values["policy_1"], best_of_16);
  EXPECT_GT(values["policy_16_polish"], best_of_16);
  EXPECT_EQ(proposer.types_, market.Pack().types);
}

TEST(MethodsTest, ThePolicysOwnTimeCounts) {
  const auto markets = HeldOutMarkets("uncertain", 1);
  ASSERT_TRUE(markets.ok());
  Time now{};
  LevelProposer proposer(now);
  const std::vector<Method> methods = Methods(/*with_items=*/false, &proposer);
  search::Budget budget;
  budget.clock = [&now] { return now += microseconds(1); };
  budget.deadline = now + microseconds(60);
  int improvements = 0;
  const auto note = [&](const search::Improvement&) { ++improvements; };
  ASSERT_TRUE(Named(methods, "policy_1_polish").answer(*markets->front(), budget, note).ok());
  EXPECT_GE(improvements, 1);
  EXPECT_GE(now, budget.deadline);
  EXPECT_LE(now, budget.deadline + microseconds(10));
}

TEST(MethodsTest, APolicyThatFailsIsReported) {
  const auto markets = HeldOutMarkets("freshness", 1);
  ASSERT_TRUE(markets.ok());
  BrokenProposer proposer;
  const std::vector<Method> methods = Methods(/*with_items=*/true, &proposer);
  const absl::Status status = Named(methods, "policy_16").answer(*markets->front(), {}, nullptr);
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace giot::bench
