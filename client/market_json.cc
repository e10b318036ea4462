#include "client/market_json.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace giot::client {
namespace {

using Json = nlohmann::json;
using Numbers = google::protobuf::RepeatedField<double>;

constexpr char kFamily[] = "family";
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

absl::Status Convert(absl::string_view field, const Json& value, Numbers& out) {
  if (!value.is_array()) return Wrong(field, value, "a list of numbers");
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (auto status = Convert(absl::StrCat(field, "[", i, "]"), value[i], *out.Add()); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Reads fields into a message until the first error, which it keeps.
template <typename Message>
class FieldReader {
 public:
  FieldReader(const Json& object, Message& message) : object_(object), message_(message) {}

  template <typename Member>
  FieldReader& Required(const std::string& field, Member member) {
    if (status_.ok() && !object_.contains(field)) {
      status_ = absl::InvalidArgumentError(absl::StrCat(field, ": missing"));
    }
    return Optional(field, member);
  }

  template <typename Member>
  FieldReader& Optional(const std::string& field, Member member) {
    known_.push_back(field);
    const auto found = object_.find(field);
    if (status_.ok() && found != object_.end()) status_ = Read(field, *found, member);
    return *this;
  }

  // Null counts as absent.
  template <typename Member>
  FieldReader& Nullable(const std::string& field, Member member) {
    const auto found = object_.find(field);
    if (found == object_.end() || !found->is_null()) return Optional(field, member);
    known_.push_back(field);
    return *this;
  }

  // The error, if any: of a field that is unknown first.
  absl::Status Finish() const {
    for (const auto& entry : object_.items()) {
      if (entry.key() == kFamily || absl::c_linear_search(known_, entry.key())) continue;
      return absl::InvalidArgumentError(absl::StrCat(entry.key(), ": unknown field of a market"));
    }
    return status_;
  }

 private:
  template <typename T>
  absl::Status Read(const std::string& field, const Json& value, void (Message::*set)(T)) {
    T read{};
    if (absl::Status status = Convert(field, value, read); !status.ok()) return status;
    (message_.*set)(read);
    return absl::OkStatus();
  }
  absl::Status Read(const std::string& field, const Json& value, Numbers* (Message::*mutable_numbers)()) {
    return Convert(field, value, *(message_.*mutable_numbers)());
  }

  const Json& object_;
  Message& message_;
  std::vector<std::string> known_;
  absl::Status status_;
};

absl::Status Read(const Json& object, v1::ScreeningMarket& market) {
  using Market = v1::ScreeningMarket;
  return FieldReader(object, market)
      .Required("cost_types", &Market::mutable_cost_types)
      .Required("probabilities", &Market::mutable_probabilities)
      .Required("value_scale", &Market::set_value_scale)
      .Required("value_rate", &Market::set_value_rate)
      .Optional("cost_curvature", &Market::set_cost_curvature)
      .Required("quality_min", &Market::set_quality_min)
      .Optional("quality_max", &Market::set_quality_max)
      .Optional("vehicles", &Market::set_vehicles)
      .Nullable("budget", &Market::set_budget)
      .Optional("allow_exclusion", &Market::set_allow_exclusion)
      .Finish();
}

absl::Status Read(const Json& object, v1::UncertainMarket& market) {
  using Market = v1::UncertainMarket;
  return FieldReader(object, market)
      .Required("cost_types", &Market::mutable_cost_types)
      .Required("probabilities", &Market::mutable_probabilities)
      .Required("value_rate", &Market::set_value_rate)
      .Optional("cost_curvature", &Market::set_cost_curvature)
      .Optional("vehicles", &Market::set_vehicles)
      .Optional("coverage_value", &Market::set_coverage_value)
      .Optional("threshold_value", &Market::set_threshold_value)
      .Required("threshold", &Market::set_threshold)
      .Required("threshold_width", &Market::set_threshold_width)
      .Optional("outside_option", &Market::set_outside_option)
      .Required("participation_noise", &Market::set_participation_noise)
      .Finish();
}

absl::Status Read(const Json& object, v1::FreshnessMarket& market) {
  using Market = v1::FreshnessMarket;
  return FieldReader(object, market)
      .Required("sensing_costs", &Market::mutable_sensing_costs)
      .Required("update_costs", &Market::mutable_update_costs)
      .Required("probabilities", &Market::mutable_probabilities)
      .Required("value_scale", &Market::set_value_scale)
      .Required("value_rate", &Market::set_value_rate)
      .Optional("staleness_rate", &Market::set_staleness_rate)
      .Optional("vehicles", &Market::set_vehicles)
      .Finish();
}

absl::Status ReadFamily(const Json& object, v1::GenerateContractRequest& request) {
  const Json family = object.value(kFamily, Json("screening"));
  if (family == "screening") return Read(object, *request.mutable_screening());
  if (family == "uncertain") return Read(object, *request.mutable_uncertain());
  if (family == "freshness") return Read(object, *request.mutable_freshness());
  return Wrong(kFamily, family, "\"screening\", \"uncertain\" or \"freshness\"");
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

absl::StatusOr<v1::GenerateContractRequest> ParseMarketJson(absl::string_view text) {
  const absl::StatusOr<Json> object = ParseObject(text);
  if (!object.ok()) return object.status();
  v1::GenerateContractRequest request;
  if (auto status = ReadFamily(*object, request); !status.ok()) return status;
  return request;
}

}  // namespace giot::client
