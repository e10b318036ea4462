#include "models/bundle/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/digest.h"
#include "models/bundle/json_fields.h"

namespace giot::bundle {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxNameSize = 64;
constexpr std::size_t kMaxCommandSize = 8192;
constexpr std::size_t kMaxVersionSize = 128;
constexpr std::int64_t kMaxParameters = 16'000'000;
constexpr std::int64_t kMaxVersion = 1'000'000'000;

constexpr std::pair<const char*, Range MarketRanges::*> kRangeFields[] = {
    {"types", &MarketRanges::types},
    {"first_type", &MarketRanges::first_type},
    {"value_scale", &MarketRanges::value_scale},
    {"value_rate", &MarketRanges::value_rate},
    {"cost_curvature", &MarketRanges::cost_curvature},
    {"quality_min", &MarketRanges::quality_min},
    {"quality_max", &MarketRanges::quality_max},
    {"budget_quality", &MarketRanges::budget_quality},
};

json RangesToJson(const MarketRanges& ranges) {
  json object;
  for (const auto& [field, member] : kRangeFields) object[field] = {(ranges.*member).min, (ranges.*member).max};
  object["probability_min"] = ranges.probability_min;
  object["spacing_min"] = ranges.spacing_min;
  return object;
}

MarketRanges ReadRanges(JsonFields& parent) {
  JsonFields fields(parent.Object("ranges"), parent.PathOf("ranges"));
  MarketRanges ranges;
  for (const auto& [field, member] : kRangeFields) {
    const std::vector<double> bounds = fields.Numbers(field, 2);
    if (bounds.size() != 2 || bounds[0] > bounds[1]) {
      fields.Reject(field, absl::StrCat(bounds.size(), " numbers"), "[min, max] with min <= max");
      continue;
    }
    ranges.*member = {bounds[0], bounds[1]};
  }
  ranges.probability_min = fields.Number("probability_min");
  ranges.spacing_min = fields.Number("spacing_min");
  parent.Merge(fields.Finish());
  return ranges;
}

void ReadNetwork(JsonFields& parent, Manifest& manifest) {
  JsonFields fields(parent.Object("network"), parent.PathOf("network"));
  manifest.hidden = static_cast<int>(fields.Integer("hidden", 1, kMaxHidden));
  manifest.steps = static_cast<int>(fields.Integer("steps", 1, kMaxSteps));
  manifest.parameters = fields.Integer("parameters", 1, kMaxParameters);
  parent.Merge(fields.Finish());
}

// The digested files are fixed: no name of the manifest ever becomes a path.
void ReadDigests(JsonFields& parent, Manifest& manifest) {
  JsonFields fields(parent.Object("sha256"), parent.PathOf("sha256"));
  for (const char* file : kDigestedFiles) {
    std::string digest = fields.Text(file, kDigestHexSize);
    if (!IsLowerHex(digest, kDigestHexSize)) fields.Reject(file, digest, "64 lower-case hex digits");
    manifest.sha256[file] = std::move(digest);
  }
  parent.Merge(fields.Finish());
}

void ReadTraining(JsonFields& parent, Manifest& manifest) {
  JsonFields fields(parent.Object("training"), parent.PathOf("training"));
  manifest.training_command = fields.Text("command", kMaxCommandSize);
  manifest.seed = fields.Unsigned("seed");
  manifest.trainer_version = fields.Text("trainer_version", kMaxVersionSize);
  parent.Merge(fields.Finish());
}

void ReadMetrics(JsonFields& parent, Manifest& manifest) {
  const json& metrics = parent.Object("metrics");
  JsonFields fields(metrics, parent.PathOf("metrics"));
  for (const auto& metric : metrics.items()) manifest.metrics[metric.key()] = fields.Number(metric.key());
  parent.Merge(fields.Finish());
}

// A name becomes a folder's name.
bool IsName(std::string_view name) {
  const auto is_alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && is_alphanumeric(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
}

absl::Status CheckFormatVersion(const json& object) {
  const auto found = object.find("format_version");
  if (found == object.end() || !found->is_number_integer()) {
    return absl::InvalidArgumentError(absl::StrCat(kManifestFile, ": format_version: want an integer"));
  }
  if (*found != kFormatVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(kManifestFile, ": format_version: got ", found->dump(), ", this program reads ", kFormatVersion));
  }
  return absl::OkStatus();
}

}  // namespace

std::string ToJson(const Manifest& manifest) {
  json object;
  object["format_version"] = manifest.format_version;
  object["family"] = manifest.family;
  object["name"] = manifest.name;
  object["version"] = manifest.version;
  object["ranges"] = RangesToJson(manifest.ranges);
  object["network"] = {{"hidden", manifest.hidden}, {"steps", manifest.steps}, {"parameters", manifest.parameters}};
  object["sha256"] = manifest.sha256;
  object["training"] = {
      {"command", manifest.training_command}, {"seed", manifest.seed}, {"trainer_version", manifest.trainer_version}};
  object["metrics"] = manifest.metrics;
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

absl::StatusOr<Manifest> ParseManifest(std::string_view text) {
  absl::StatusOr<json> object = ParseJsonObject(text, kManifestFile);
  if (!object.ok()) return object.status();
  if (absl::Status status = CheckFormatVersion(*object); !status.ok()) return status;

  Manifest manifest;
  JsonFields fields(*object, kManifestFile);
  manifest.format_version = static_cast<int>(fields.Integer("format_version", kFormatVersion, kFormatVersion));
  if (std::string family = fields.Text("family", kMaxNameSize); family != manifest.family) {
    fields.Reject("family", family, manifest.family);
  }
  manifest.name = fields.Text("name", kMaxNameSize);
  if (!IsName(manifest.name)) fields.Reject("name", manifest.name, "letters a-z, digits, - and _");
  manifest.version = static_cast<int>(fields.Integer("version", 1, kMaxVersion));
  manifest.ranges = ReadRanges(fields);
  ReadNetwork(fields, manifest);
  ReadDigests(fields, manifest);
  ReadTraining(fields, manifest);
  ReadMetrics(fields, manifest);
  if (absl::Status status = fields.Finish(); !status.ok()) return status;
  return manifest;
}

}  // namespace giot::bundle
