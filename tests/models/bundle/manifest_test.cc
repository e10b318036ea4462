#include "models/bundle/manifest.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "gtest/gtest.h"
#include "models/bundle/bundle_files.h"
#include "tests/models/bundle/test_bundle.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;
using nlohmann::json;

Manifest ExampleManifest() {
  Manifest manifest;
  manifest.name = "screening";
  manifest.version = 3;
  manifest.ranges = TestRanges();
  manifest.ranges.probability_min = 0.01;
  manifest.ranges.spacing_min = 1.0 / 3.0;
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

StatusCode CodeAfter(const std::function<void(json&)>& change) {
  json object = ExampleJson();
  change(object);
  return ParseManifest(object.dump()).status().code();
}

TEST(ManifestTest, RoundTripKeepsEveryField) {
  const auto parsed = ParseManifest(ToJson(ExampleManifest()));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->name, "screening");
  EXPECT_EQ(parsed->version, 3);
  EXPECT_EQ(parsed->family, "screening");
  EXPECT_EQ(parsed->hidden, 64);
  EXPECT_EQ(parsed->steps, 3);
  EXPECT_EQ(parsed->parameters, 43000);
  EXPECT_EQ(parsed->sha256, ExampleManifest().sha256);
  EXPECT_EQ(parsed->training_command, "giot-trainer train --flagfile=x");
  EXPECT_EQ(parsed->seed, 0xFFFF'FFFF'FFFF'FFFF);
  EXPECT_EQ(parsed->metrics, ExampleManifest().metrics);
  EXPECT_EQ(parsed->trainer_version, "0.1.0");
  EXPECT_EQ(parsed->ranges.types.max, 16.0);
  EXPECT_EQ(parsed->ranges.first_type.min, 0.05);
  EXPECT_EQ(parsed->ranges.budget_quality.max, 100.0);
  EXPECT_EQ(parsed->ranges.spacing_min, 1.0 / 3.0);
  EXPECT_EQ(ToJson(*parsed), ToJson(ExampleManifest()));
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
  EXPECT_EQ(CodeAfter([](json& object) { object["format_version"] = 2; }), StatusCode::kFailedPrecondition);
  EXPECT_EQ(CodeAfter([](json& object) { object["format_version"] = 0; }), StatusCode::kFailedPrecondition);
  EXPECT_EQ(CodeAfter([](json& object) { object = {{"format_version", 2}}; }), StatusCode::kFailedPrecondition);
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
  return OutsideRanges(ranges, market.Make()).has_value();
}

TEST(OutsideRangesTest, MarketWithinIsAccepted) {
  EXPECT_EQ(OutsideRanges(TestRanges(), MarketCase{}.Make()), std::nullopt);
}

TEST(OutsideRangesTest, EachFieldIsHeldAgainstItsRange) {
  const std::pair<const char*, std::function<void(MarketRanges&)>> narrowed[] = {
      {"types",
       [](MarketRanges& r) {
         r.types = {3, 16};
       }},
      {"first_type",
       [](MarketRanges& r) {
         r.first_type = {0.51, 1};
       }},
      {"value_scale",
       [](MarketRanges& r) {
         r.value_scale = {0.81, 9};
       }},
      {"value_rate",
       [](MarketRanges& r) {
         r.value_rate = {1, 9.9};
       }},
      {"cost_curvature",
       [](MarketRanges& r) {
         r.cost_curvature = {0, 0.4};
       }},
      {"quality_min",
       [](MarketRanges& r) {
         r.quality_min = {0.06, 1};
       }},
      {"quality_max",
       [](MarketRanges& r) {
         r.quality_max = {0.1, 0.9};
       }},
      {"probability_min", [](MarketRanges& r) { r.probability_min = 0.41; }},
      {"spacing_min", [](MarketRanges& r) { r.spacing_min = 0.51; }},
  };
  for (const auto& [field, narrow] : narrowed) {
    MarketRanges ranges = TestRanges();
    narrow(ranges);
    const auto outside = OutsideRanges(ranges, MarketCase{}.Make());
    ASSERT_TRUE(outside.has_value()) << field;
    EXPECT_EQ(outside->rfind(field, 0), 0U) << *outside;
  }
}

TEST(OutsideRangesTest, BudgetIsMeasuredByTheQualityThatItBuys) {
  // kappa = 0: b / theta_K = q. q_min = .05, so q = .06 is 1.2 q_min.
  MarketCase market;
  market.cost_curvature = 0.0;
  market.budget = 2.0 * 0.06;
  MarketRanges ranges = TestRanges();
  ranges.budget_quality = {1.19, 18.0};
  EXPECT_FALSE(Outside(ranges, market));
  ranges.budget_quality = {1.21, 18.0};
  EXPECT_TRUE(Outside(ranges, market));
}

TEST(OutsideRangesTest, BudgetThatCannotBindIsInside) {
  MarketCase market;
  market.budget = 1000.0;
  MarketRanges ranges = TestRanges();
  ranges.budget_quality = {1.2, 1.3};
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
