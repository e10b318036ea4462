#include "models/bundle/manifest.h"

#include <algorithm>
#include <cmath>
#include <limits>
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

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

json RangesToJson(const MarketRanges& ranges) {
  json object = json::object();
  for (const auto& [trait, range] : ranges.of) {
    object[trait] = {range.min, std::isinf(range.max) ? json(nullptr) : json(range.max)};
  }
  return object;
}

// [min, max], or [min, null] without an upper bound.
Range ReadRange(JsonFields& fields, const std::string& trait) {
  const json& bounds = fields.Array(trait, 2);
  const auto is_finite = [](const json& bound) { return bound.is_number() && std::isfinite(bound.get<double>()); };
  if (bounds.size() == 2 && is_finite(bounds[0]) && (bounds[1].is_null() || is_finite(bounds[1]))) {
    const Range range{bounds[0].get<double>(), bounds[1].is_null() ? kUnbounded : bounds[1].get<double>()};
    if (range.min <= range.max) return range;
  }
  fields.Reject(trait, bounds.dump(), "[min, max] with min <= max, or [min, null]");
  return {};
}

// The traits whose least value was all that version 1 stated.
bool IsLowerBoundOfVersion1(absl::string_view trait) { return trait == "probability_min" || trait == "spacing_min"; }

MarketRanges ReadRanges(JsonFields& parent, int format_version, Family family) {
  JsonFields fields(parent.Object("ranges"), parent.PathOf("ranges"));
  MarketRanges ranges;
  for (const absl::string_view name : TraitsOf(family)) {
    const std::string trait(name);
    const bool number = format_version == 1 && IsLowerBoundOfVersion1(name);
    ranges.of[trait] = number ? Range{fields.Number(trait), kUnbounded} : ReadRange(fields, trait);
  }
  parent.Merge(fields.Finish());
  return ranges;
}

// Version 1 knew screening alone.
Family ReadFamily(JsonFields& fields, int format_version) {
  const std::string name = fields.Text("family", kMaxNameSize);
  const std::optional<Family> family = ParseFamily(name);
  if (family && (format_version > 1 || *family == Family::kScreening)) return *family;
  fields.Reject("family", name, format_version > 1 ? "screening, uncertain or freshness" : "screening");
  return Family::kScreening;
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

absl::StatusOr<int> ReadFormatVersion(const json& object) {
  const auto found = object.find("format_version");
  if (found == object.end() || !found->is_number_integer()) {
    return absl::InvalidArgumentError(absl::StrCat(kManifestFile, ": format_version: want an integer"));
  }
  for (int version = 1; version <= kFormatVersion; ++version) {
    if (*found == version) return version;
  }
  return absl::FailedPreconditionError(absl::StrCat(kManifestFile, ": format_version: got ", found->dump(),
                                                    ", this program reads 1 to ", kFormatVersion));
}

}  // namespace

std::string ToJson(const Manifest& manifest) {
  json object;
  object["format_version"] = kFormatVersion;
  object["family"] = std::string(NameOf(manifest.family));
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
  const absl::StatusOr<int> format_version = ReadFormatVersion(*object);
  if (!format_version.ok()) return format_version.status();

  Manifest manifest;
  JsonFields fields(*object, kManifestFile);
  fields.Integer("format_version", *format_version, *format_version);
  manifest.family = ReadFamily(fields, *format_version);
  manifest.name = fields.Text("name", kMaxNameSize);
  if (!IsName(manifest.name)) fields.Reject("name", manifest.name, "letters a-z, digits, - and _");
  manifest.version = static_cast<int>(fields.Integer("version", 1, kMaxVersion));
  manifest.ranges = ReadRanges(fields, *format_version, manifest.family);
  ReadNetwork(fields, manifest);
  ReadDigests(fields, manifest);
  ReadTraining(fields, manifest);
  ReadMetrics(fields, manifest);
  if (absl::Status status = fields.Finish(); !status.ok()) return status;
  return manifest;
}

}  // namespace giot::bundle
