#include "models/bundle/canary.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "gtest/gtest.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;
using nlohmann::json;

constexpr int kSteps = 2;

// Answers the first noise of each type, shifted, within [-1, 1].
class NoiseRunner : public PolicyRunner {
 public:
  explicit NoiseRunner(float shift = 0.0F) : shift_(shift) {}
  std::string_view name() const override { return "noise"; }
  absl::Status Run(const contract::ScreeningMarket& market, absl::Span<const float> noise, int samples,
                   absl::Span<float> levels) const override {
    const auto types = static_cast<std::size_t>(market.types());
    for (std::size_t n = 0; n < static_cast<std::size_t>(samples); ++n) {
      for (std::size_t k = 0; k < types; ++k) {
        levels[n * types + k] = std::clamp(noise[n * kSteps * types + k], -0.9F, 0.9F) + shift_;
      }
    }
    return absl::OkStatus();
  }

 private:
  float shift_;
};

class FailingRunner : public PolicyRunner {
 public:
  std::string_view name() const override { return "failing"; }
  absl::Status Run(const contract::ScreeningMarket&, absl::Span<const float>, int, absl::Span<float>) const override {
    return absl::InternalError("no");
  }
};

Canary Recorded() { return *RecordCanary(NoiseRunner(), kSteps); }

StatusCode CodeAfter(const std::function<void(json&)>& change) {
  json object = json::parse(ToJson(Recorded()));
  change(object);
  return ParseCanary(object.dump(), kSteps).status().code();
}

TEST(CanaryTest, CoversFewAndManyTypesWithAndWithoutBudget) {
  std::set<std::pair<int, bool>> seen;
  for (const CanaryCase& recorded : Recorded().cases) {
    seen.emplace(recorded.market.types(), recorded.market.budget_per_vehicle().has_value());
    EXPECT_DOUBLE_EQ(recorded.market.cost_types().back(), 1.0);
  }
  for (const int types : {2, 10, 16}) {
    EXPECT_EQ(seen.count({types, false}), 1U) << types;
    EXPECT_EQ(seen.count({types, true}), 1U) << types;
  }
}

TEST(CanaryTest, RoundTripKeepsEveryNumber) {
  const Canary recorded = Recorded();
  const auto parsed = ParseCanary(ToJson(recorded), kSteps);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  ASSERT_EQ(parsed->cases.size(), recorded.cases.size());
  for (std::size_t i = 0; i < recorded.cases.size(); ++i) {
    EXPECT_EQ(parsed->cases[i].noise, recorded.cases[i].noise);
    EXPECT_EQ(parsed->cases[i].levels, recorded.cases[i].levels);
    EXPECT_EQ(parsed->cases[i].market.cost_types(), recorded.cases[i].market.cost_types());
    EXPECT_EQ(parsed->cases[i].market.value_rate(), recorded.cases[i].market.value_rate());
    EXPECT_EQ(parsed->cases[i].market.budget_per_vehicle(), recorded.cases[i].market.budget_per_vehicle());
  }
}

TEST(CanaryTest, RunnerThatAnswersAsRecordedPasses) {
  EXPECT_TRUE(CheckCanary(Recorded(), NoiseRunner()).ok());
  EXPECT_TRUE(CheckCanary(Recorded(), NoiseRunner(0.9e-4F)).ok());
}

TEST(CanaryTest, RunnerThatAnswersOtherwiseIsDataLoss) {
  EXPECT_EQ(CheckCanary(Recorded(), NoiseRunner(1.2e-4F)).code(), StatusCode::kDataLoss);
  EXPECT_EQ(CheckCanary(Recorded(), NoiseRunner(std::numeric_limits<float>::quiet_NaN())).code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(CheckCanary(Recorded(), FailingRunner()).code(), StatusCode::kDataLoss);
}

TEST(CanaryTest, RunnersMustAgreeMoreCloselyThanTheCanaryAsks) {
  EXPECT_EQ(Disagreement(Recorded(), kSteps, NoiseRunner(), NoiseRunner(0.5e-5F)), std::nullopt);
  EXPECT_NE(Disagreement(Recorded(), kSteps, NoiseRunner(), NoiseRunner(2e-5F)), std::nullopt);
  EXPECT_NE(Disagreement(Recorded(), kSteps, NoiseRunner(), FailingRunner()), std::nullopt);
}

TEST(CanaryTest, BundleCannotGrantItselfAnyTolerance) {
  EXPECT_EQ(CodeAfter([](json& object) { object["tolerance"] = 1e9; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["tolerance"] = 0; }), StatusCode::kInvalidArgument);
}

TEST(CanaryTest, NoCasesIsNoCanary) {
  EXPECT_EQ(CodeAfter([](json& object) { object["cases"] = json::array(); }), StatusCode::kInvalidArgument);
}

TEST(CanaryTest, SizesMustBeThoseOfMarketAndSteps) {
  EXPECT_EQ(CodeAfter([](json& object) { object["cases"][1]["noise"].erase(0); }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["cases"][1]["levels"].push_back(0); }), StatusCode::kInvalidArgument);
  EXPECT_EQ(ParseCanary(ToJson(Recorded()), kSteps + 1).status().code(), StatusCode::kInvalidArgument);
}

TEST(CanaryTest, InvalidMarketsAndUnknownFieldsAreRefused) {
  EXPECT_EQ(CodeAfter([](json& object) { object["cases"][0]["market"]["value_scale"] = -1; }),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["cases"][0]["market"]["cost_types"] = {1}; }),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["cases"][0]["market"]["surplus"] = 1; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["cases"][0]["extra"] = 1; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["cases"][0] = 1; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["extra"] = 1; }), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::bundle
