#include "models/bundle/json_fields.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::bundle {
namespace {

using nlohmann::json;

// How much of a wrong value a message repeats.
constexpr std::size_t kShownBytes = 60;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::string Shown(const json& value) {
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > kShownBytes) text = text.substr(0, kShownBytes) + "...";
  return text;
}

}  // namespace

absl::StatusOr<json> ParseJsonObject(std::string_view text, std::string_view file) {
  std::vector<std::set<std::string>> keys;
  std::string twice;
  const auto note_keys = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second) {
      twice = parsed.get<std::string>();
    }
    return true;
  };
  json value = json::parse(text, note_keys, /*allow_exceptions=*/false);
  if (value.is_discarded()) return absl::InvalidArgumentError(absl::StrCat(View(file), ": not valid JSON"));
  if (!value.is_object()) {
    return absl::InvalidArgumentError(absl::StrCat(View(file), ": got ", Shown(value), ", want a JSON object"));
  }
  if (!twice.empty()) return absl::InvalidArgumentError(absl::StrCat(View(file), ": field ", twice, " occurs twice"));
  return value;
}

JsonFields::JsonFields(const json& object, std::string path) : object_(object), path_(std::move(path)) {}

bool JsonFields::Has(std::string_view key) const { return object_.contains(key); }

double JsonFields::Number(std::string_view key) {
  const json* value = Find(key);
  if (value == nullptr) return 0.0;
  if (!value->is_number() || !std::isfinite(value->get<double>())) {
    Reject(key, Shown(*value), "a finite number");
    return 0.0;
  }
  return value->get<double>();
}

std::int64_t JsonFields::Integer(std::string_view key, std::int64_t min, std::int64_t max) {
  const json* value = Find(key);
  if (value == nullptr) return min;
  const bool too_large = value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(max);
  if (!value->is_number_integer() || too_large || value->get<std::int64_t>() < min ||
      value->get<std::int64_t>() > max) {
    Reject(key, Shown(*value), absl::StrCat("an integer in [", min, ", ", max, "]"));
    return min;
  }
  return value->get<std::int64_t>();
}

std::uint64_t JsonFields::Unsigned(std::string_view key) {
  const json* value = Find(key);
  if (value == nullptr) return 0;
  if (!value->is_number_unsigned()) {
    Reject(key, Shown(*value), "an integer >= 0");
    return 0;
  }
  return value->get<std::uint64_t>();
}

std::string JsonFields::Text(std::string_view key, std::size_t max_size) {
  const json* value = Find(key);
  if (value == nullptr) return {};
  if (!value->is_string() || value->get_ref<const std::string&>().size() > max_size) {
    Reject(key, Shown(*value), absl::StrCat("a string of at most ", max_size, " bytes"));
    return {};
  }
  return value->get<std::string>();
}

std::vector<double> JsonFields::Numbers(std::string_view key, std::size_t max_size) {
  std::vector<double> numbers;
  for (const json& element : Array(key, max_size)) {
    if (!element.is_number() || !std::isfinite(element.get<double>())) {
      Reject(key, Shown(element), "finite numbers only");
      return {};
    }
    numbers.push_back(element.get<double>());
  }
  return numbers;
}

const json& JsonFields::Object(std::string_view key) {
  static const json empty = json::object();
  const json* value = Find(key);
  if (value == nullptr) return empty;
  if (!value->is_object()) {
    Reject(key, Shown(*value), "an object");
    return empty;
  }
  return *value;
}

const json& JsonFields::Array(std::string_view key, std::size_t max_size) {
  static const json empty = json::array();
  const json* value = Find(key);
  if (value == nullptr) return empty;
  if (!value->is_array() || value->empty() || value->size() > max_size) {
    Reject(key, Shown(*value), absl::StrCat("an array of 1 to ", max_size, " elements"));
    return empty;
  }
  return *value;
}

void JsonFields::Merge(const absl::Status& status) { status_.Update(status); }

void JsonFields::Reject(std::string_view key, std::string_view got, std::string_view wanted) {
  Merge(absl::InvalidArgumentError(absl::StrCat(PathOf(key), ": got ", View(got), ", want ", View(wanted))));
}

std::string JsonFields::PathOf(std::string_view key) const { return absl::StrCat(path_, ": ", View(key)); }

absl::Status JsonFields::Finish() const {
  if (!status_.ok()) return status_;
  for (const auto& member : object_.items()) {
    if (std::find(read_.begin(), read_.end(), member.key()) == read_.end()) {
      return absl::InvalidArgumentError(absl::StrCat(PathOf(member.key()), ": unknown field"));
    }
  }
  return absl::OkStatus();
}

const json* JsonFields::Find(std::string_view key) {
  read_.emplace_back(key);
  const auto found = object_.find(key);
  if (found == object_.end()) {
    Merge(absl::InvalidArgumentError(absl::StrCat(PathOf(key), ": missing")));
    return nullptr;
  }
  return &*found;
}

}  // namespace giot::bundle
