#include "trainer/logging/metrics_log.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::trainer {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kIteration[] = "iteration";

std::optional<MetricsRow> ParseRow(const std::string& line) {
  const Json object = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || !object.contains(kIteration) || !object[kIteration].is_number_integer()) return {};
  MetricsRow row;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_number()) return {};
    if (name == kIteration) {
      row.iteration = value.get<std::int64_t>();
    } else {
      row.scalars.push_back({name, value.get<double>()});
    }
  }
  return row;
}

// The rows up to `last_iteration` and the bytes they take.
struct Prefix {
  std::vector<MetricsRow> rows;
  std::uintmax_t bytes = 0;
};

absl::StatusOr<Prefix> ReadPrefix(const std::filesystem::path& path, std::optional<std::int64_t> last_iteration) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return absl::NotFoundError(absl::StrCat(path.string(), ": cannot be read"));
  Prefix prefix;
  // A line that ends with the file and not with a newline is torn.
  for (std::string line; std::getline(stream, line) && !stream.eof();) {
    std::optional<MetricsRow> row = ParseRow(line);
    if (!row) {
      return absl::DataLossError(
          absl::StrCat(path.string(), ": line ", prefix.rows.size() + 1, " is not an object of metrics"));
    }
    if (last_iteration && row->iteration > *last_iteration) break;
    prefix.rows.push_back(*std::move(row));
    prefix.bytes += line.size() + 1;
  }
  return prefix;
}

}  // namespace

absl::StatusOr<MetricsLog> MetricsLog::Open(const std::filesystem::path& path, std::int64_t iteration) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    const absl::StatusOr<Prefix> prefix = ReadPrefix(path, iteration);
    if (!prefix.ok()) return prefix.status();
    std::filesystem::resize_file(path, prefix->bytes, error);
  }
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot continue ", path.string()));
  absl::StatusOr<AppendFile> file = AppendFile::Open(path);
  if (!file.ok()) return file.status();
  return MetricsLog(*std::move(file));
}

absl::Status MetricsLog::Write(const MetricsRow& row) {
  Json object = {{kIteration, row.iteration}};
  for (const Scalar& scalar : row.scalars) object[scalar.name] = scalar.value;
  return file_.Append(object.dump() + "\n");
}

absl::StatusOr<std::vector<MetricsRow>> ReadMetrics(const std::filesystem::path& path) {
  absl::StatusOr<Prefix> prefix = ReadPrefix(path, std::nullopt);
  if (!prefix.ok()) return prefix.status();
  return std::move(prefix->rows);
}

}  // namespace giot::trainer
