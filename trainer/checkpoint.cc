#include "trainer/checkpoint.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "trainer/error_line.h"
#include "trainer/logging/crc32c.h"
#include "trainer/replace_file.h"

namespace giot::trainer {
namespace {

// LibTorch's reader does not check the checksums of its archive, so a file ends with one
// of ours; readers of ZIP archives ignore it. Files of earlier versions have none.
constexpr absl::string_view kSumName = "crc32c:";
constexpr std::size_t kSumSize = 15;  // The name and eight hex digits.

std::string Sum(std::string_view bytes) { return absl::StrFormat("%s%08x", kSumName, Crc32c(bytes)); }

// The archive in a file; DataLoss if its sum is not that of its bytes.
absl::StatusOr<std::string> WithoutSum(std::string bytes) {
  if (bytes.size() < kSumSize) return bytes;
  const std::string sum = bytes.substr(bytes.size() - kSumSize);
  if (sum.rfind(std::string(kSumName), 0) != 0) return bytes;
  bytes.resize(bytes.size() - kSumSize);
  if (Sum(bytes) != sum) return absl::InvalidArgumentError("damaged: its checksum does not match");
  return bytes;
}

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
    std::string bytes = stream.str();
    return bytes + Sum(bytes);
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("cannot serialise the checkpoint: ", ErrorLine(error)));
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
    std::ifstream file(path, std::ios::binary);
    const absl::StatusOr<std::string> bytes =
        WithoutSum(std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
    if (!bytes.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path.string(), ": ", bytes.status().message(), "; remove it to resume from the one before"));
    }
    std::istringstream stream(*bytes);
    torch::serialize::InputArchive archive;
    archive.load_from(stream, device);
    absl::Status status = algorithm.LoadFrom(archive);
    if (status.ok()) return status;
    return absl::Status(status.code(), absl::StrCat(path.string(), ": ", status.message()));
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": not a readable checkpoint: ", ErrorLine(error),
                                                   "; remove it to resume from the one before"));
  }
}

}  // namespace giot::trainer
