// Bundles of quality models: WriteQualityModel and LoadQualityModel.
#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "models/quality/durable_directory.h"
#include "models/quality/json_object.h"
#include "models/quality/model_json.h"
#include "models/quality/quality_model.h"
#include "models/quality/sha256.h"

namespace giot::quality {
namespace {

using nlohmann::json;

constexpr char kManifestFile[] = "manifest.json";
constexpr char kModelFile[] = "model.json";
constexpr char kModelCardFile[] = "MODEL_CARD.md";
constexpr std::size_t kManifestBytes = 256 << 10;
constexpr std::size_t kModelBytes = 8 << 20;
constexpr std::size_t kModelCardBytes = 1 << 20;
constexpr int kFormatVersion = 1;

absl::Status CheckName(const std::string& name) {
  const bool valid = !name.empty() && name.size() <= 64 && name[0] != '-' && name[0] != '_' &&
                     name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
  if (valid) return absl::OkStatus();
  return absl::InvalidArgumentError("manifest.json: name: want 1 to 64 of a-z 0-9 - _, a letter or digit first");
}

absl::Status CheckMetrics(const json& metrics) {
  for (const auto& metric : metrics.items()) {
    if (!metric.value().is_number()) {
      return absl::InvalidArgumentError(absl::StrCat("manifest.json: metrics: ", metric.key(), ": want a number"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSize(absl::string_view file, std::size_t size, std::size_t most) {
  if (size <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(file, ": got ", size, " bytes, want at most ", most));
}

// What the manifest says of the model, with the digests of the other files.
struct Manifest {
  std::string name;
  int version = 0;
  std::string model_digest, card_digest;
};

absl::StatusOr<Manifest> ParseManifest(std::string_view text) {
  absl::StatusOr<json> object = ParseObject(text, kManifestFile);
  if (!object.ok()) return object.status();
  ObjectReader reader(*object, kManifestFile);
  Manifest manifest;
  reader.Integer("format_version", kFormatVersion, kFormatVersion);
  manifest.name = reader.Text("name");
  manifest.version = static_cast<int>(reader.Integer("version", 1, std::numeric_limits<int>::max()));
  reader.Merge(CheckMetrics(reader.Object("metrics")));
  ObjectReader digests(reader.Object("sha256"), reader.PathOf("sha256"));
  manifest.model_digest = digests.Text(kModelFile);
  manifest.card_digest = digests.Text(kModelCardFile);
  reader.Merge(digests.Finish());
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  if (absl::Status status = CheckName(manifest.name); !status.ok()) return status;
  return manifest;
}

absl::StatusOr<std::string> ReadDigested(const std::filesystem::path& path, std::size_t most_bytes,
                                         const std::string& digest) {
  absl::StatusOr<std::string> bytes = ReadRegularFile(path, most_bytes);
  if (bytes.ok() && HexOf(Sha256(*bytes)) != digest) {
    return absl::DataLossError(absl::StrCat(path.string(), ": not the file whose SHA-256 the manifest holds"));
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::filesystem::path> WriteQualityModel(const std::filesystem::path& root, const QualityModel& model,
                                                        std::string_view metrics_json, std::string_view model_card) {
  if (absl::Status status = CheckModel(model); !status.ok()) return status;
  absl::StatusOr<json> metrics = ParseObject(metrics_json, "metrics");
  if (!metrics.ok()) return metrics.status();
  std::map<std::string, std::string> files = {{kModelFile, ModelJson(model)},
                                              {kModelCardFile, std::string(model_card)}};
  const json manifest = {
      {"format_version", kFormatVersion},
      {"name", model.name},
      {"version", model.version},
      {"metrics", *std::move(metrics)},
      {"sha256",
       {{kModelFile, HexOf(Sha256(files[kModelFile]))}, {kModelCardFile, HexOf(Sha256(files[kModelCardFile]))}}}};
  files[kManifestFile] = manifest.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
  if (absl::Status status = ParseManifest(files[kManifestFile]).status(); !status.ok()) return status;
  absl::Status status = CheckSize(kManifestFile, files[kManifestFile].size(), kManifestBytes);
  status.Update(CheckSize(kModelFile, files[kModelFile].size(), kModelBytes));
  status.Update(CheckSize(kModelCardFile, files[kModelCardFile].size(), kModelCardBytes));
  if (!status.ok()) return status;

  const std::filesystem::path directory = root / model.name / absl::StrCat(model.version);
  if (status = CreateDirectoryWith(directory, files); !status.ok()) return status;
  return directory;
}

absl::StatusOr<QualityModel> LoadQualityModel(const std::filesystem::path& directory) {
  absl::StatusOr<std::string> text = ReadRegularFile(directory / kManifestFile, kManifestBytes);
  if (!text.ok()) return text.status();
  absl::StatusOr<Manifest> manifest = ParseManifest(*text);
  if (!manifest.ok()) return manifest.status();
  absl::StatusOr<std::string> card = ReadDigested(directory / kModelCardFile, kModelCardBytes, manifest->card_digest);
  if (!card.ok()) return card.status();
  absl::StatusOr<std::string> bytes = ReadDigested(directory / kModelFile, kModelBytes, manifest->model_digest);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<QualityModel> model = ParseModelJson(*bytes);
  if (!model.ok()) return model.status();
  model->name = manifest->name;
  model->version = manifest->version;
  model->digest = HexOf(Sha256(*text));
  return model;
}

}  // namespace giot::quality
