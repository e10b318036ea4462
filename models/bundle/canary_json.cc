#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/canary.h"
#include "models/bundle/json_fields.h"
#include "models/bundle/manifest.h"
#include "models/contract/pack.h"

namespace giot::bundle {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxCases = 1024;
// How far from 1 probabilities in single precision may sum up to.
constexpr double kSumTolerance = 1e-4;

json MarketToJson(const contract::PackedMarket& market) {
  const auto values = [](const float* from, int count) { return std::vector<float>(from, from + count); };
  return {{"cost_types", values(market.cost_types, market.types)},
          {"probabilities", values(market.probabilities, market.types)},
          {"globals", values(market.global, market.globals)}};
}

std::vector<float> ReadFloats(JsonFields& fields, std::string_view key, std::size_t size) {
  const std::vector<double> numbers = fields.Numbers(key, size);
  if (numbers.size() != size) fields.Reject(key, absl::StrCat(numbers.size()), absl::StrCat(size, " numbers"));
  std::vector<float> floats;
  for (const double number : numbers) {
    floats.push_back(static_cast<float>(number));
    if (!std::isfinite(floats.back())) fields.Reject(key, absl::StrCat(number), "numbers in float's range");
  }
  return floats;
}

// What every family's Pack keeps.
void CheckTypes(JsonFields& fields, const std::vector<float>& cost_types, const std::vector<float>& probabilities) {
  const auto positive = [](float value) { return value > 0.0F; };
  if (!std::all_of(cost_types.begin(), cost_types.end(), positive)) {
    fields.Reject("cost_types", "a value that is not positive", "positive values");
  }
  double sum = 0.0;
  for (const float p : probabilities) sum += static_cast<double>(p);
  if (!std::all_of(probabilities.begin(), probabilities.end(), positive) || std::abs(sum - 1.0) > kSumTolerance) {
    fields.Reject("probabilities", absl::StrCat("a sum of ", sum), "positive values that sum up to 1");
  }
}

absl::StatusOr<contract::PackedMarket> ParsePacked(const json& object, const std::string& path, Family family) {
  const FamilyShape& shape = ShapeOf(family);
  JsonFields fields(object, path);
  const std::size_t types = fields.Numbers("cost_types", static_cast<std::size_t>(shape.types)).size();
  if (types < static_cast<std::size_t>(shape.types_min)) {
    fields.Reject("cost_types", absl::StrCat(types), absl::StrCat("at least ", shape.types_min, " types"));
  }
  const std::vector<float> cost_types = ReadFloats(fields, "cost_types", types);
  const std::vector<float> probabilities = ReadFloats(fields, "probabilities", types);
  const std::vector<float> globals = ReadFloats(fields, "globals", static_cast<std::size_t>(shape.globals));
  CheckTypes(fields, cost_types, probabilities);
  if (absl::Status status = fields.Finish(); !status.ok()) return status;
  contract::PackedMarket market;
  market.types = static_cast<int>(types);
  market.globals = shape.globals;
  std::fill(std::begin(market.cost_types), std::end(market.cost_types), 1.0F);
  std::copy(cost_types.begin(), cost_types.end(), market.cost_types);
  std::copy(probabilities.begin(), probabilities.end(), market.probabilities);
  std::copy(globals.begin(), globals.end(), market.global);
  return market;
}

// Version 1 has screening markets by their parameters.
absl::StatusOr<contract::PackedMarket> ParseScreening(const json& object, const std::string& path) {
  JsonFields fields(object, path);
  const std::vector<double> cost_types = fields.Numbers("cost_types", contract::kMaxTypes);
  const std::vector<double> probabilities = fields.Numbers("probabilities", contract::kMaxTypes);
  contract::ScreeningMarketSpec spec;
  spec.cost_types = cost_types;
  spec.probabilities = probabilities;
  spec.value_scale = fields.Number("value_scale");
  spec.value_rate = fields.Number("value_rate");
  spec.cost_curvature = fields.Number("cost_curvature");
  spec.quality_min = fields.Number("quality_min");
  spec.quality_max = fields.Number("quality_max");
  if (fields.Has("budget")) spec.budget = fields.Number("budget");
  if (absl::Status status = fields.Finish(); !status.ok()) return status;
  const absl::StatusOr<contract::ScreeningMarket> market = contract::ScreeningMarket::Create(spec);
  if (!market.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", market.status().message()));
  return contract::Pack(*market);
}

// What a canary is read as.
struct Format {
  int version;
  Family family;
  int steps;
};

absl::StatusOr<CanaryCase> ParseCase(const json& object, const std::string& path, const Format& format) {
  if (!object.is_object()) return absl::InvalidArgumentError(absl::StrCat(path, ": want an object"));
  JsonFields fields(object, path);
  const json& described = fields.Object("market");
  absl::StatusOr<contract::PackedMarket> market = format.version == 1
                                                      ? ParseScreening(described, fields.PathOf("market"))
                                                      : ParsePacked(described, fields.PathOf("market"), format.family);
  fields.Merge(market.status());
  if (!market.ok()) return fields.Finish();
  const auto width = static_cast<std::size_t>(ShapeOf(format.family).channels * market->types);
  std::vector<float> noise = ReadFloats(fields, "noise", static_cast<std::size_t>(format.steps) * width);
  std::vector<float> levels = ReadFloats(fields, "levels", width);
  if (absl::Status status = fields.Finish(); !status.ok()) return status;
  return CanaryCase{*market, std::move(noise), std::move(levels)};
}

}  // namespace

std::string ToJson(const Canary& canary) {
  json object = {{"format_version", kFormatVersion}, {"tolerance", canary.tolerance}, {"cases", json::array()}};
  for (const CanaryCase& recorded : canary.cases) {
    object["cases"].push_back(
        {{"market", MarketToJson(recorded.market)}, {"noise", recorded.noise}, {"levels", recorded.levels}});
  }
  return object.dump(1) + "\n";
}

absl::StatusOr<Canary> ParseCanary(std::string_view text, Family family, int steps) {
  absl::StatusOr<json> object = ParseJsonObject(text, kCanaryFile);
  if (!object.ok()) return object.status();
  JsonFields fields(*object, kCanaryFile);
  const int oldest = family == Family::kScreening ? 1 : 2;
  const Format format{static_cast<int>(fields.Integer("format_version", oldest, kFormatVersion)), family, steps};
  Canary canary;
  canary.tolerance = fields.Number("tolerance");
  if (!(canary.tolerance > 0.0 && canary.tolerance <= kMaxCanaryTolerance)) {
    fields.Reject("tolerance", absl::StrCat(canary.tolerance),
                  absl::StrCat("a value in (0, ", kMaxCanaryTolerance, "]"));
  }
  for (const json& element : fields.Array("cases", kMaxCases)) {
    const std::string path = absl::StrCat(fields.PathOf("cases"), "[", canary.cases.size(), "]");
    absl::StatusOr<CanaryCase> parsed = ParseCase(element, path, format);
    fields.Merge(parsed.status());
    if (!parsed.ok()) break;
    canary.cases.push_back(*std::move(parsed));
  }
  if (absl::Status status = fields.Finish(); !status.ok()) return status;
  return canary;
}

}  // namespace giot::bundle
