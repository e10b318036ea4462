#include "trainer/checkpoint.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "trainer/replace_file.h"

namespace giot::trainer {
namespace {

// Iterations of the checkpoints in `directory`, oldest first.
std::vector<std::int64_t> Iterations(const std::filesystem::path& directory) {
  std::vector<std::int64_t> iterations;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    std::int64_t iteration = 0;
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() == ".pt" && absl::SimpleAtoi(stem, &iteration)) iterations.push_back(iteration);
  }
  std::sort(iterations.begin(), iterations.end());
  return iterations;
}

absl::StatusOr<std::string> Serialize(const Algorithm& algorithm) {
  try {
    torch::serialize::OutputArchive archive;
    algorithm.SaveTo(archive);
    std::ostringstream stream;
    archive.save_to(stream);
    return stream.str();
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("cannot serialise the checkpoint: ", error.what()));
  }
}

}  // namespace

CheckpointStore::CheckpointStore(std::filesystem::path directory, int keep)
    : directory_(std::move(directory)), keep_(keep) {}

std::filesystem::path CheckpointStore::PathOf(std::int64_t iteration) const {
  return directory_ / absl::StrFormat("%08d.pt", iteration);
}

std::optional<std::int64_t> CheckpointStore::Newest() const {
  const std::vector<std::int64_t> iterations = Iterations(directory_);
  if (iterations.empty()) return std::nullopt;
  return iterations.back();
}

absl::Status CheckpointStore::Save(const Algorithm& algorithm) const {
  const absl::StatusOr<std::string> bytes = Serialize(algorithm);
  if (!bytes.ok()) return bytes.status();
  if (absl::Status status = ReplaceFile(PathOf(algorithm.iteration()), *bytes); !status.ok()) return status;

  std::vector<std::int64_t> iterations = Iterations(directory_);
  iterations.resize(iterations.size() - std::min(iterations.size(), static_cast<std::size_t>(keep_)));
  std::error_code error;
  for (const std::int64_t old : iterations) std::filesystem::remove(PathOf(old), error);
  return absl::OkStatus();
}

absl::Status CheckpointStore::LoadNewest(Algorithm& algorithm, torch::Device device) const {
  const std::optional<std::int64_t> newest = Newest();
  if (!newest) return absl::NotFoundError(absl::StrCat(directory_.string(), ": no checkpoint"));
  return LoadCheckpoint(PathOf(*newest), algorithm, device);
}

absl::Status LoadCheckpoint(const std::filesystem::path& path, Algorithm& algorithm, torch::Device device) {
  if (!std::filesystem::is_regular_file(path)) {
    return absl::NotFoundError(absl::StrCat(path.string(), ": no such checkpoint"));
  }
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(path.string(), device);
    absl::Status status = algorithm.LoadFrom(archive);
    if (status.ok()) return status;
    return absl::Status(status.code(), absl::StrCat(path.string(), ": ", status.message()));
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": not a readable checkpoint: ", error.what()));
  }
}

}  // namespace giot::trainer
