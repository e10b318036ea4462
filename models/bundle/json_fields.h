#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::bundle {

// Parses a JSON object. InvalidArgument, naming `file`, if `text` is not JSON,
// not an object, or has a key twice.
absl::StatusOr<nlohmann::json> ParseJsonObject(std::string_view text, std::string_view file);

// Reads one JSON object strictly: each field exactly once, none unknown. The
// first problem sticks and turns later reads into default values, so that a
// parser reads all its fields and asks once, with Finish. `object` must outlive
// the reader; `path` names it in messages.
class JsonFields {
 public:
  JsonFields(const nlohmann::json& object, std::string path);

  bool Has(std::string_view key) const;
  double Number(std::string_view key);
  // An integer in [min, max].
  std::int64_t Integer(std::string_view key, std::int64_t min, std::int64_t max);
  std::uint64_t Unsigned(std::string_view key);
  // At most `max_size` bytes.
  std::string Text(std::string_view key, std::size_t max_size);
  // An array of 1 to `max_size` numbers.
  std::vector<double> Numbers(std::string_view key, std::size_t max_size);
  // An object, or an array of 1 to `max_size` elements; empty ones on failure.
  const nlohmann::json& Object(std::string_view key);
  const nlohmann::json& Array(std::string_view key, std::size_t max_size);

  // Adopts the problem of a nested object or of a check by the caller.
  void Merge(const absl::Status& status);
  // InvalidArgument for a field: what it got and what was wanted.
  void Reject(std::string_view key, std::string_view got, std::string_view wanted);

  std::string PathOf(std::string_view key) const;
  // The first problem; else InvalidArgument if a field was never read.
  absl::Status Finish() const;

 private:
  const nlohmann::json* Find(std::string_view key);

  const nlohmann::json& object_;
  const std::string path_;
  absl::Status status_;
  std::vector<std::string> read_;
};

}  // namespace giot::bundle
