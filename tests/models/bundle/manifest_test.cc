#include "models/bundle/manifest.h"

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "gtest/gtest.h"
#include "models/bundle/bundle_files.h"
#include "models/contract/market_traits.h"
#include "tests/models/bundle/test_bundle.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;
using nlohmann::json;

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

Manifest ExampleManifest(Family family = Family::kScreening) {
  Manifest manifest;
  manifest.family = family;
  manifest.name = "screening";
  manifest.version = 3;
  manifest.ranges = TestRanges(family);
  manifest.ranges.of["probability_min"] = {1.0 / 3.0, kUnbounded};
  manifest.hidden = 64;
  manifest.steps = 3;
  manifest.parameters = 43000;
  for (const char* file : kDigestedFiles) manifest.sha256[file] = std::string(64, 'a');
  manifest.training_command = "giot-trainer train --flagfile=x";
  manifest.seed = 0xFFFF'FFFF'FFFF'FFFF;
  manifest.metrics = {{"ratio_mean", 0.99968}};
  manifest.trainer_version = "0.1.0";
  return manifest;
}

json ExampleJson() { return json::parse(ToJson(ExampleManifest())); }

// As version 1 was written.
json ExampleOfVersion1() {
  json object = ExampleJson();
  object["format_version"] = 1;
  object["ranges"]["probability_min"] = 0.25;
  object["ranges"]["spacing_min"] = 0.125;
  return object;
}

StatusCode CodeAfter(const std::function<void(json&)>& change) {
  json object = ExampleJson();
  change(object);
  return ParseManifest(object.dump()).status().code();
}

TEST(ManifestTest, RoundTripKeepsEveryField) {
  for (const Family family : {Family::kScreening, Family::kUncertain, Family::kFreshness}) {
    const Manifest example = ExampleManifest(family);
    const auto parsed = ParseManifest(ToJson(example));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->name, "screening");
    EXPECT_EQ(parsed->version, 3);
    EXPECT_EQ(parsed->family, family);
    EXPECT_EQ(parsed->hidden, 64);
    EXPECT_EQ(parsed->steps, 3);
    EXPECT_EQ(parsed->parameters, 43000);
    EXPECT_EQ(parsed->sha256, example.sha256);
    EXPECT_EQ(parsed->training_command, "giot-trainer train --flagfile=x");
    EXPECT_EQ(parsed->seed, 0xFFFF'FFFF'FFFF'FFFF);
    EXPECT_EQ(parsed->metrics, example.metrics);
    EXPECT_EQ(parsed->trainer_version, "0.1.0");
    ASSERT_EQ(parsed->ranges.of.size(), example.ranges.of.size());
    for (const auto& [trait, range] : example.ranges.of) {
      EXPECT_EQ(parsed->ranges.of.at(trait).min, range.min) << trait;
      EXPECT_EQ(parsed->ranges.of.at(trait).max, range.max) << trait;
    }
    EXPECT_EQ(ToJson(*parsed), ToJson(example));
  }
}

TEST(ManifestTest, UpperBoundThatThereIsNotIsNull) {
  const json ranges = ExampleJson()["ranges"];
  EXPECT_EQ(ranges["types"], json::array({2.0, 16.0}));
  EXPECT_EQ(ranges["probability_min"], json::array({1.0 / 3.0, nullptr}));
}

TEST(ManifestTest, Version1IsRead) {
  const auto parsed = ParseManifest(ExampleOfVersion1().dump());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->family, Family::kScreening);
  EXPECT_EQ(parsed->ranges.of.at("first_type").max, 0.8);
  EXPECT_EQ(parsed->ranges.of.at("probability_min").min, 0.25);
  EXPECT_EQ(parsed->ranges.of.at("probability_min").max, kUnbounded);
  EXPECT_EQ(parsed->ranges.of.at("spacing_min").min, 0.125);
}

TEST(ManifestTest, Version1IsReadAsItWasWrittenOnly) {
  json bounded = ExampleOfVersion1();
  bounded["ranges"]["spacing_min"] = {0.125, nullptr};
  EXPECT_EQ(ParseManifest(bounded.dump()).status().code(), StatusCode::kInvalidArgument);
  json uncertain = json::parse(ToJson(ExampleManifest(Family::kUncertain)));
  uncertain["format_version"] = 1;
  EXPECT_EQ(ParseManifest(uncertain.dump()).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["ranges"]["spacing_min"] = 0.125; }), StatusCode::kInvalidArgument);
}

TEST(ManifestTest, RangesAreThoseOfTheFamily) {
  EXPECT_EQ(CodeAfter([](json& object) { object["family"] = "uncertain"; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["family"] = "telepathy"; }), StatusCode::kInvalidArgument);
}

TEST(ManifestTest, EveryFieldIsRequired) {
  const json complete = ExampleJson();
  for (const auto& field : complete.items()) {
    EXPECT_EQ(CodeAfter([&](json& object) { object.erase(field.key()); }), StatusCode::kInvalidArgument) << field.key();
    if (!field.value().is_object() || field.key() == "metrics") continue;
    for (const auto& inner : field.value().items()) {
      EXPECT_EQ(CodeAfter([&](json& object) { object[field.key()].erase(inner.key()); }), StatusCode::kInvalidArgument)
          << field.key() << "." << inner.key();
    }
  }
}

TEST(ManifestTest, EveryFieldMustHaveItsType) {
  const json complete = ExampleJson();
  for (const auto& field : complete.items()) {
    EXPECT_EQ(CodeAfter([&](json& object) { object[field.key()] = json::array({true}); }), StatusCode::kInvalidArgument)
        << field.key();
  }
}

TEST(ManifestTest, UnknownFieldsAreRefusedAtEveryLevel) {
  EXPECT_EQ(CodeAfter([](json& object) { object["extra"] = 1; }), StatusCode::kInvalidArgument);
  for (const char* inner : {"ranges", "network", "sha256", "training"}) {
    EXPECT_EQ(CodeAfter([&](json& object) { object[inner]["extra"] = 1; }), StatusCode::kInvalidArgument) << inner;
  }
}

TEST(ManifestTest, FieldThatOccursTwiceIsRefused) {
  std::string text = ToJson(ExampleManifest());
  text.insert(1, "\"version\": 4,");
  EXPECT_EQ(ParseManifest(text).status().code(), StatusCode::kInvalidArgument);
}

TEST(ManifestTest, OtherFormatVersionsAreToldApartFromMalformedOnes) {
  EXPECT_EQ(CodeAfter([](json& object) { object["format_version"] = 3; }), StatusCode::kFailedPrecondition);
  EXPECT_EQ(CodeAfter([](json& object) { object["format_version"] = 0; }), StatusCode::kFailedPrecondition);
  EXPECT_EQ(CodeAfter([](json& object) { object = {{"format_version", 3}}; }), StatusCode::kFailedPrecondition);
  EXPECT_EQ(CodeAfter([](json& object) { object["format_version"] = "1"; }), StatusCode::kInvalidArgument);
}

TEST(ManifestTest, NamesThatCouldLeaveTheFolderAreRefused) {
  for (const char* name : {"", "..", "../up", "a/b", "/etc", ".hidden", "a b", "UPPER", "dot.ted"}) {
    EXPECT_EQ(CodeAfter([&](json& object) { object["name"] = name; }), StatusCode::kInvalidArgument) << name;
  }
  EXPECT_EQ(CodeAfter([](json& object) { object["name"] = std::string(65, 'a'); }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["name"] = "a-b_9"; }), StatusCode::kOk);
}

TEST(ManifestTest, DigestedFilesAreThoseOfTheFormatAlone) {
  EXPECT_EQ(CodeAfter([](json& object) { object["sha256"]["../../etc/passwd"] = std::string(64, 'a'); }),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["sha256"][kPolicyFile] = std::string(63, 'a'); }),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["sha256"][kPolicyFile] = std::string(64, 'A'); }),
            StatusCode::kInvalidArgument);
}

TEST(ManifestTest, NumbersOutOfRangeAreRefused) {
  EXPECT_EQ(CodeAfter([](json& object) { object["version"] = 0; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["version"] = 1e99; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["version"] = 0xFFFF'FFFF'FFFF'FFFF; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["network"]["hidden"] = kMaxHidden + 1; }),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["network"]["steps"] = kMaxSteps + 1; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["training"]["seed"] = -1; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["ranges"]["types"] = {16, 2}; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["ranges"]["types"] = {2, 16, 17}; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["ranges"]["types"] = {nullptr, 16}; }), StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeAfter([](json& object) { object["metrics"]["ratio"] = nullptr; }), StatusCode::kInvalidArgument);
}

TEST(ManifestTest, TextThatIsNoJsonObjectIsRefused) {
  for (const char* text : {"", "[]", "{", "null", "{\"format_version\": 1}}", "\xff\xfe"}) {
    EXPECT_EQ(ParseManifest(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
  EXPECT_EQ(ParseManifest(std::string(200'000, '[')).status().code(), StatusCode::kInvalidArgument);
}

TEST(ManifestTest, ErrorNamesTheField) {
  json object = ExampleJson();
  object["ranges"]["value_rate"] = "high";
  const absl::Status status = ParseManifest(object.dump()).status();
  EXPECT_NE(status.message().find("value_rate"), absl::string_view::npos) << status;
}

// Two types in money where the costliest is 2: normalised .5 and 1, omega .8.
struct MarketCase {
  std::vector<double> cost_types = {1.0, 2.0};
  std::vector<double> probabilities = {0.4, 0.6};
  double value_scale = 1.6;
  double value_rate = 10.0;
  double cost_curvature = 0.5;
  double quality_min = 0.05;
  double quality_max = 1.0;
  std::optional<double> budget;

  contract::ScreeningMarket Make() const {
    contract::ScreeningMarketSpec spec;
    spec.cost_types = cost_types;
    spec.probabilities = probabilities;
    spec.value_scale = value_scale;
    spec.value_rate = value_rate;
    spec.cost_curvature = cost_curvature;
    spec.quality_min = quality_min;
    spec.quality_max = quality_max;
    spec.budget = budget;
    return *contract::ScreeningMarket::Create(spec);
  }
};

bool Outside(const MarketRanges& ranges, const MarketCase& market) {
  return OutsideRanges(ranges, contract::Traits(market.Make())).has_value();
}

TEST(OutsideRangesTest, MarketWithinIsAccepted) {
  EXPECT_EQ(OutsideRanges(TestRanges(), contract::Traits(MarketCase{}.Make())), std::nullopt);
}

TEST(OutsideRangesTest, EachTraitIsHeldAgainstItsRange) {
  const std::pair<const char*, Range> narrowed[] = {
      {"types", {3, 16}},
      {"first_type", {0.51, 1}},
      {"value_scale", {0.81, 9}},
      {"value_rate", {1, 9.9}},
      {"cost_curvature", {0, 0.4}},
      {"quality_min", {0.06, 1}},
      {"quality_max", {0.1, 0.9}},
      {"probability_min", {0.41, kUnbounded}},
      {"spacing_min", {0.51, kUnbounded}},
  };
  for (const auto& [trait, range] : narrowed) {
    MarketRanges ranges = TestRanges();
    ranges.of[trait] = range;
    const auto outside = OutsideRanges(ranges, contract::Traits(MarketCase{}.Make()));
    ASSERT_TRUE(outside.has_value()) << trait;
    EXPECT_EQ(outside->rfind(trait, 0), 0U) << *outside;
  }
}

TEST(OutsideRangesTest, TraitWithoutARangeIsOutside) {
  MarketRanges ranges = TestRanges();
  ranges.of.erase("value_rate");
  EXPECT_TRUE(Outside(ranges, MarketCase{}));
}

TEST(OutsideRangesTest, ValueThatIsNotANumberIsOutside) {
  EXPECT_TRUE(OutsideRanges(TestRanges(), {{"value_rate", std::nan("")}}).has_value());
}

TEST(OutsideRangesTest, BudgetIsMeasuredByTheQualityThatItBuys) {
  // kappa = 0: b / theta_K = q. q_min = .05, so q = .06 is 1.2 q_min.
  MarketCase market;
  market.cost_curvature = 0.0;
  market.budget = 2.0 * 0.06;
  MarketRanges ranges = TestRanges();
  ranges.of["budget_quality"] = {1.19, 18.0};
  EXPECT_FALSE(Outside(ranges, market));
  ranges.of["budget_quality"] = {1.21, 18.0};
  EXPECT_TRUE(Outside(ranges, market));
}

TEST(OutsideRangesTest, BudgetThatCannotBindIsInside) {
  MarketCase market;
  market.budget = 1000.0;
  MarketRanges ranges = TestRanges();
  ranges.of["budget_quality"] = {1.2, 1.3};
  EXPECT_FALSE(Outside(ranges, market));
}

TEST(OutsideRangesTest, UnitOfMoneyDoesNotMatter) {
  MarketCase market;
  market.cost_types = {1e6, 2e6};
  market.value_scale = 1.6e6;
  market.budget = 2e6 * 0.2;
  EXPECT_FALSE(Outside(TestRanges(), market));
}

}  // namespace
}  // namespace giot::bundle
