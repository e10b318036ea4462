#include "models/bundle/canary.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "gtest/gtest.h"
#include "models/contract/screening_columns.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;
using nlohmann::json;

constexpr int kSteps = 2;
constexpr Family kFamilies[] = {Family::kScreening, Family::kUncertain, Family::kFreshness};

// Answers the first noise of each level, shifted, within [-1, 1].
class NoiseRunner : public PolicyRunner {
 public:
  explicit NoiseRunner(float shift = 0.0F) : shift_(shift) {}
  std::string_view name() const override { return "noise"; }
  absl::Status Run(const contract::PackedMarket&, absl::Span<const float> noise, int samples,
                   absl::Span<float> levels) const override {
    const std::size_t width = levels.size() / static_cast<std::size_t>(samples);
    for (std::size_t i = 0; i < levels.size(); ++i) {
      levels[i] = std::clamp(noise[i / width * kSteps * width + i % width], -0.9F, 0.9F) + shift_;
    }
    return absl::OkStatus();
  }

 private:
  float shift_;
};

class FailingRunner : public PolicyRunner {
 public:
  std::string_view name() const override { return "failing"; }
  absl::Status Run(const contract::PackedMarket&, absl::Span<const float>, int, absl::Span<float>) const override {
    return absl::InternalError("no");
  }
};

// For noise of a market with omega above `limit`, the last bit decides.
class HingingRunner : public PolicyRunner {
 public:
  HingingRunner(float limit, bool odd) : limit_(limit), odd_(odd) {}
  std::string_view name() const override { return "hinging"; }
  absl::Status Run(const contract::PackedMarket& market, absl::Span<const float> noise, int samples,
                   absl::Span<float> levels) const override {
    const std::size_t width = levels.size() / static_cast<std::size_t>(samples);
    std::fill(levels.begin(), levels.end(), 0.25F);
    if (market.global[0] <= limit_) return absl::OkStatus();
    for (std::size_t i = 0; i < levels.size(); ++i) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &noise[i / width * kSteps * width + i % width], sizeof bits);
      if ((bits % 2 == 1) == odd_) levels[i] = 0.75F;
    }
    return absl::OkStatus();
  }

 private:
  float limit_;
  bool odd_;
};

Canary Recorded(Family family = Family::kScreening) { return *RecordCanary(NoiseRunner(), family, kSteps); }

StatusCode CodeAfter(const std::function<void(json&)>& change, Family family = Family::kScreening) {
  json object = json::parse(ToJson(Recorded(family)));
  change(object);
  return ParseCanary(object.dump(), family, kSteps).status().code();
}

TEST(CanaryTest, CoversFewAndManyTypesWithAndWithoutBudget) {
  std::set<std::pair<int, bool>> seen;
  for (const CanaryCase& recorded : Recorded().cases) {
    const contract::PackedMarket& market = recorded.market;
    seen.emplace(market.types, market.global[contract::kHasBudget] > 0.0F);
    EXPECT_EQ(market.cost_types[market.types - 1], 1.0F);
  }
  for (const int types : {2, 10, 16}) {
    EXPECT_EQ(seen.count({types, false}), 1U) << types;
    EXPECT_EQ(seen.count({types, true}), 1U) << types;
  }
}

TEST(CanaryTest, CoversTheNumbersOfTypesOfEachFamily) {
  for (const Family family : kFamilies) {
    std::set<int> seen;
    const Canary recorded = Recorded(family);
    for (const CanaryCase& one : recorded.cases) seen.insert(one.market.types);
    EXPECT_EQ(recorded.cases.size(), 12U);
    EXPECT_EQ(seen, family == Family::kFreshness ? std::set<int>{25} : (std::set<int>{2, 3, 5, 8, 10, 16}));
  }
}

TEST(CanaryTest, RoundTripKeepsEveryNumber) {
  for (const Family family : kFamilies) {
    const Canary recorded = Recorded(family);
    const auto parsed = ParseCanary(ToJson(recorded), family, kSteps);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    ASSERT_EQ(parsed->cases.size(), recorded.cases.size());
    for (std::size_t i = 0; i < recorded.cases.size(); ++i) {
      EXPECT_EQ(parsed->cases[i].noise, recorded.cases[i].noise);
      EXPECT_EQ(parsed->cases[i].levels, recorded.cases[i].levels);
      const contract::PackedMarket& want = recorded.cases[i].market;
      const contract::PackedMarket& got = parsed->cases[i].market;
      EXPECT_EQ(got.types, want.types);
      EXPECT_EQ(got.globals, want.globals);
      EXPECT_TRUE(std::equal(std::begin(got.cost_types), std::end(got.cost_types), want.cost_types));
      EXPECT_TRUE(std::equal(std::begin(got.probabilities), std::end(got.probabilities), want.probabilities));
      EXPECT_TRUE(std::equal(std::begin(got.global), std::end(got.global), want.global));
    }
  }
}

// Two types in money where the costliest is 2: normalised .5 and 1, omega .8, budget .4.
constexpr char kVersion1[] = R"({"format_version": 1, "tolerance": 1e-4, "cases": [{
    "market": {"cost_types": [1, 2], "probabilities": [0.25, 0.75], "value_scale": 1.6, "value_rate": 10,
               "cost_curvature": 0.5, "quality_min": 0.05, "quality_max": 1, "budget": 0.8},
    "noise": [0.1, 0.2, 0.3, 0.4], "levels": [0.1, 0.2]}]})";

TEST(CanaryTest, Version1IsReadAsScreeningMarkets) {
  const auto parsed = ParseCanary(kVersion1, Family::kScreening, kSteps);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  ASSERT_EQ(parsed->cases.size(), 1U);
  const contract::PackedMarket& market = parsed->cases[0].market;
  EXPECT_EQ(market.types, 2);
  EXPECT_FLOAT_EQ(market.cost_types[0], 0.5F);
  EXPECT_FLOAT_EQ(market.cost_types[1], 1.0F);
  EXPECT_FLOAT_EQ(market.cost_types[2], 1.0F) << "padding";
  EXPECT_FLOAT_EQ(market.probabilities[1], 0.75F);
  EXPECT_FLOAT_EQ(market.global[contract::kValueScale], 0.8F);
  EXPECT_FLOAT_EQ(market.global[contract::kHasBudget], 1.0F);
  EXPECT_FLOAT_EQ(market.global[contract::kBudget], 0.4F);
  EXPECT_EQ(parsed->cases[0].levels, (std::vector<float>{0.1F, 0.2F}));
}

TEST(CanaryTest, Version1KnowsNoOtherFamilyAndNoOtherFields) {
  EXPECT_EQ(ParseCanary(kVersion1, Family::kUncertain, kSteps).status().code(), StatusCode::kInvalidArgument);
  json mixed = json::parse(kVersion1);
  mixed["format_version"] = 2;
  EXPECT_EQ(ParseCanary(mixed.dump(), Family::kScreening, kSteps).status().code(), StatusCode::kInvalidArgument);
  json invalid = json::parse(kVersion1);
  invalid["cases"][0]["market"]["value_scale"] = -1;
  EXPECT_EQ(ParseCanary(invalid.dump(), Family::kScreening, kSteps).status().code(), StatusCode::kInvalidArgument);
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
  for (const Family family : kFamilies) {
    const Canary canary = Recorded(family);
    EXPECT_EQ(Disagreement(canary, family, kSteps, NoiseRunner(), NoiseRunner(0.5e-5F)), std::nullopt);
    EXPECT_NE(Disagreement(canary, family, kSteps, NoiseRunner(), NoiseRunner(2e-5F)), std::nullopt);
    EXPECT_NE(Disagreement(canary, family, kSteps, NoiseRunner(), FailingRunner()), std::nullopt);
  }
}

TEST(CanaryTest, FreshnessCasesDoNotHingeOnRounding) {
  const auto canary = RecordCanary(HingingRunner(1.5F, true), Family::kFreshness, kSteps);
  ASSERT_TRUE(canary.ok()) << canary.status();
  EXPECT_EQ(canary->cases.size(), 12U);
  for (const CanaryCase& recorded : canary->cases) EXPECT_LE(recorded.market.global[0], 1.5F);
}

TEST(CanaryTest, AnswersThatAllHingeOnRoundingAreNoCanary) {
  EXPECT_EQ(RecordCanary(HingingRunner(0.0F, true), Family::kFreshness, kSteps).status().code(), StatusCode::kInternal);
}

TEST(CanaryTest, SamplesThatHingeOnRoundingDoNotCountForFreshnessAlone) {
  // A quarter of the markets hinge, for one runner otherwise than for the other.
  Canary canary = Recorded(Family::kFreshness);
  std::vector<float> scales;
  for (const CanaryCase& recorded : canary.cases) scales.push_back(recorded.market.global[0]);
  std::sort(scales.begin(), scales.end());
  const HingingRunner some(scales[8], true);
  EXPECT_EQ(Disagreement(canary, Family::kFreshness, kSteps, some, HingingRunner(scales[8], false)), std::nullopt);
  EXPECT_NE(
      Disagreement(canary, Family::kFreshness, kSteps, HingingRunner(scales[2], true), HingingRunner(scales[2], false)),
      std::nullopt)
      << "most samples hinge: nothing is shown";
  const Canary screening = Recorded(Family::kScreening);
  EXPECT_NE(Disagreement(screening, Family::kScreening, kSteps, HingingRunner(0.0F, true), HingingRunner(0.0F, false)),
            std::nullopt);
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
  EXPECT_EQ(ParseCanary(ToJson(Recorded()), Family::kScreening, kSteps + 1).status().code(),
            StatusCode::kInvalidArgument);
}

TEST(CanaryTest, InvalidMarketsAndUnknownFieldsAreRefused) {
  const std::function<void(json&)> changes[] = {
      [](json& object) { object["cases"][0]["market"]["cost_types"][0] = -1; },
      [](json& object) { object["cases"][0]["market"]["cost_types"] = {1}; },
      [](json& object) { object["cases"][0]["market"]["cost_types"] = std::vector<int>(26, 1); },
      [](json& object) { object["cases"][0]["market"]["probabilities"][0] = 2; },
      [](json& object) { object["cases"][0]["market"]["probabilities"].push_back(0.1); },
      [](json& object) { object["cases"][0]["market"]["globals"].push_back(0); },
      [](json& object) { object["cases"][0]["market"]["globals"][0] = 1e300; },
      [](json& object) { object["cases"][0]["market"]["globals"][0] = nullptr; },
      [](json& object) { object["cases"][0]["market"].erase("globals"); },
      [](json& object) { object["cases"][0]["market"]["surplus"] = 1; },
      [](json& object) { object["cases"][0]["extra"] = 1; },
      [](json& object) { object["cases"][0] = 1; },
      [](json& object) { object["extra"] = 1; },
  };
  for (const Family family : kFamilies) {
    for (const auto& change : changes) EXPECT_EQ(CodeAfter(change, family), StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace giot::bundle
