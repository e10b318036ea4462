#include "client/market_json.h"

#include <array>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace giot::client {
namespace {

using Json = nlohmann::json;

constexpr std::array<absl::string_view, 10> kFields = {"cost_types",     "probabilities",  "value_scale", "value_rate",
                                                       "cost_curvature", "quality_min",    "quality_max", "vehicles",
                                                       "budget",         "allow_exclusion"};
constexpr std::size_t kShownCharacters = 40;

std::string Shown(const Json& value) {
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > kShownCharacters) text = absl::StrCat(text.substr(0, kShownCharacters), "...");
  return text;
}

absl::Status Wrong(absl::string_view field, const Json& got, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": got ", Shown(got), ", want ", wanted));
}

absl::Status Convert(absl::string_view field, const Json& value, double& out) {
  if (!value.is_number()) return Wrong(field, value, "a number");
  out = value.get<double>();
  return absl::OkStatus();
}

absl::Status Convert(absl::string_view field, const Json& value, std::int64_t& out) {
  const bool fits = value.is_number_unsigned() ? value.get<std::uint64_t>() <= INT64_MAX : value.is_number_integer();
  if (!fits) return Wrong(field, value, "an integer");
  out = value.get<std::int64_t>();
  return absl::OkStatus();
}

absl::Status Convert(absl::string_view field, const Json& value, bool& out) {
  if (!value.is_boolean()) return Wrong(field, value, "true or false");
  out = value.get<bool>();
  return absl::OkStatus();
}

absl::Status Convert(absl::string_view field, const Json& value, std::optional<double>& out) {
  if (value.is_null()) return absl::OkStatus();
  return Convert(field, value, out.emplace());
}

absl::Status Convert(absl::string_view field, const Json& value, std::vector<double>& out) {
  if (!value.is_array()) return Wrong(field, value, "a list of numbers");
  out.resize(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (auto status = Convert(absl::StrCat(field, "[", i, "]"), value[i], out[i]); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Reads fields until the first error, which it keeps.
class FieldReader {
 public:
  explicit FieldReader(const Json& object) : object_(object) {}

  template <typename T>
  FieldReader& Required(absl::string_view field, T& out) {
    if (status_.ok() && !object_.contains(std::string(field))) {
      status_ = absl::InvalidArgumentError(absl::StrCat(field, ": missing"));
    }
    return Optional(field, out);
  }

  template <typename T>
  FieldReader& Optional(absl::string_view field, T& out) {
    const auto found = object_.find(std::string(field));
    if (status_.ok() && found != object_.end()) status_ = Convert(field, *found, out);
    return *this;
  }

  const absl::Status& status() const { return status_; }

 private:
  const Json& object_;
  absl::Status status_;
};

absl::Status CheckNoUnknownField(const Json& object) {
  for (const auto& entry : object.items()) {
    if (absl::c_linear_search(kFields, entry.key())) continue;
    return absl::InvalidArgumentError(absl::StrCat(entry.key(), ": unknown field of a market"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Json> ParseObject(absl::string_view text) {
  try {
    Json json = Json::parse(text.begin(), text.end());
    if (!json.is_object()) return Wrong("market", json, "a JSON object");
    return json;
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("market: not JSON: ", error.what()));
  }
}

}  // namespace

contract::ScreeningMarketSpec MarketDescription::Spec() const {
  return {.cost_types = cost_types,
          .probabilities = probabilities,
          .value_scale = value_scale,
          .value_rate = value_rate,
          .cost_curvature = cost_curvature,
          .quality_min = quality_min,
          .quality_max = quality_max,
          .vehicles = vehicles,
          .budget = budget,
          .allow_exclusion = allow_exclusion};
}

absl::StatusOr<MarketDescription> ParseMarketJson(absl::string_view text) {
  const absl::StatusOr<Json> object = ParseObject(text);
  if (!object.ok()) return object.status();
  if (auto status = CheckNoUnknownField(*object); !status.ok()) return status;
  MarketDescription market;
  const absl::Status status = FieldReader(*object)
                                  .Required("cost_types", market.cost_types)
                                  .Required("probabilities", market.probabilities)
                                  .Required("value_scale", market.value_scale)
                                  .Required("value_rate", market.value_rate)
                                  .Optional("cost_curvature", market.cost_curvature)
                                  .Required("quality_min", market.quality_min)
                                  .Optional("quality_max", market.quality_max)
                                  .Optional("vehicles", market.vehicles)
                                  .Optional("budget", market.budget)
                                  .Optional("allow_exclusion", market.allow_exclusion)
                                  .status();
  if (!status.ok()) return status;
  return market;
}

}  // namespace giot::client
