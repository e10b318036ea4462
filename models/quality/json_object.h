#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::quality {

// Parses a JSON object. InvalidArgument, naming `file`, if `text` is not JSON, no object, or says
// a key twice at any level.
absl::StatusOr<nlohmann::json> ParseObject(std::string_view text, std::string_view file);

// Reads the fields of one JSON object, each of which must be there and no other. The first
// problem is kept and later reads give empty values: read everything, then ask Finish() once.
// `object` must outlive the reader; `path` names it in messages.
class ObjectReader {
 public:
  ObjectReader(const nlohmann::json& object, std::string path);

  // A finite number in [least, most].
  double Number(std::string_view key, double least, double most);
  std::int64_t Integer(std::string_view key, std::int64_t least, std::int64_t most);
  std::string Text(std::string_view key);
  // An array of `least` to `most` elements.
  const nlohmann::json& Array(std::string_view key, std::size_t least, std::size_t most);
  // An array of `size` numbers that are finite as floats.
  std::vector<float> Floats(std::string_view key, std::size_t size);
  const nlohmann::json& Object(std::string_view key);

  void Merge(const absl::Status& status) { status_.Update(status); }
  std::string PathOf(std::string_view key) const;
  // The first problem; InvalidArgument if a field was never asked for.
  absl::Status Finish() const;

 private:
  const nlohmann::json* Find(std::string_view key);
  void Reject(std::string_view key, const nlohmann::json& got, std::string_view wanted);

  const nlohmann::json& object_;
  std::string path_;
  absl::Status status_;
  std::vector<std::string> known_;
};

}  // namespace giot::quality
