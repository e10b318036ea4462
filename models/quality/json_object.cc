#include "models/quality/json_object.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::quality {
namespace {

using nlohmann::json;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// Messages repeat only the beginning of a wrong value.
std::string Shown(const json& value) {
  constexpr std::size_t kMost = 60;
  const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  return text.size() <= kMost ? text : text.substr(0, kMost) + "...";
}

bool IsFloat(const json& value) { return value.is_number() && std::isfinite(static_cast<float>(value.get<double>())); }

}  // namespace

absl::StatusOr<json> ParseObject(std::string_view text, std::string_view file) {
  std::vector<std::set<std::string>> keys;
  std::string repeated;
  const auto watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second) {
      repeated = parsed.get<std::string>();
    }
    return true;
  };
  json object = json::parse(text, watch, /*allow_exceptions=*/false);
  if (object.is_discarded()) return absl::InvalidArgumentError(absl::StrCat(View(file), ": not valid JSON"));
  if (!object.is_object()) {
    return absl::InvalidArgumentError(absl::StrCat(View(file), ": got ", Shown(object), ", want a JSON object"));
  }
  if (!repeated.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(View(file), ": field ", repeated, " occurs twice"));
  }
  return object;
}

ObjectReader::ObjectReader(const json& object, std::string path) : object_(object), path_(std::move(path)) {}

double ObjectReader::Number(std::string_view key, double least, double most) {
  const json* value = Find(key);
  if (value == nullptr) return least;
  const double number = value->is_number() ? value->get<double>() : std::nan("");
  if (number >= least && number <= most) return number;
  Reject(key, *value, absl::StrCat("a number in [", least, ", ", most, "]"));
  return least;
}

std::int64_t ObjectReader::Integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const json* value = Find(key);
  if (value == nullptr) return least;
  const bool fits = value->is_number_unsigned() ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)
                                                : value->is_number_integer();
  const std::int64_t number = fits ? value->get<std::int64_t>() : 0;
  if (fits && number >= least && number <= most) return number;
  Reject(key, *value, absl::StrCat("an integer in [", least, ", ", most, "]"));
  return least;
}

std::string ObjectReader::Text(std::string_view key) {
  const json* value = Find(key);
  if (value == nullptr) return {};
  if (value->is_string()) return value->get<std::string>();
  Reject(key, *value, "a string");
  return {};
}

const json& ObjectReader::Array(std::string_view key, std::size_t least, std::size_t most) {
  static const json kNone = json::array();
  const json* value = Find(key);
  if (value == nullptr) return kNone;
  if (value->is_array() && value->size() >= least && value->size() <= most) return *value;
  const std::string got = value->is_array() ? absl::StrCat(value->size(), " elements") : Shown(*value);
  Reject(key, got, absl::StrCat("an array of ", least, " to ", most, " elements"));
  return kNone;
}

std::vector<float> ObjectReader::Floats(std::string_view key, std::size_t size) {
  std::vector<float> numbers;
  for (const json& element : Array(key, size, size)) {
    if (!IsFloat(element)) {
      Reject(key, element, "finite numbers");
      return {};
    }
    numbers.push_back(static_cast<float>(element.get<double>()));
  }
  return numbers;
}

const json& ObjectReader::Object(std::string_view key) {
  static const json kNone = json::object();
  const json* value = Find(key);
  if (value == nullptr) return kNone;
  if (value->is_object()) return *value;
  Reject(key, *value, "an object");
  return kNone;
}

std::string ObjectReader::PathOf(std::string_view key) const { return absl::StrCat(path_, ": ", View(key)); }

absl::Status ObjectReader::Finish() const {
  if (!status_.ok()) return status_;
  for (const auto& member : object_.items()) {
    if (std::find(known_.begin(), known_.end(), member.key()) == known_.end()) {
      return absl::InvalidArgumentError(absl::StrCat(PathOf(member.key()), ": unknown field"));
    }
  }
  return absl::OkStatus();
}

const json* ObjectReader::Find(std::string_view key) {
  known_.emplace_back(key);
  const auto found = object_.find(key);
  if (found != object_.end()) return &*found;
  Merge(absl::InvalidArgumentError(absl::StrCat(PathOf(key), ": missing")));
  return nullptr;
}

void ObjectReader::Reject(std::string_view key, const json& got, std::string_view wanted) {
  Merge(absl::InvalidArgumentError(absl::StrCat(PathOf(key), ": got ", Shown(got), ", want ", View(wanted))));
}

}  // namespace giot::quality
