#include "client/data_file.h"

#include <cstddef>
#include <fstream>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace giot::client {
namespace {

// More than a server takes by default; a device never ends.
constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr std::size_t kBlockBytes = std::size_t{1} << 16;

bool IsWav(std::string_view bytes) { return bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WAVE"); }

}  // namespace

absl::StatusOr<std::string> ReadDataBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path.string()));
  }
  std::string bytes;
  std::string block(kBlockBytes, '\0');
  do {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    bytes.append(block, 0, static_cast<std::size_t>(file.gcount()));
    if (bytes.size() > kMostBytes) {
      return absl::InvalidArgumentError(absl::StrCat(path.string(), ": more than ", kMostBytes, " bytes"));
    }
  } while (file);
  return bytes;
}

absl::StatusOr<v1::ScoreSensingQualityRequest> ReadDataFile(const std::filesystem::path& path) {
  absl::StatusOr<std::string> bytes = ReadDataBytes(path);
  if (!bytes.ok()) return bytes.status();
  v1::ScoreSensingQualityRequest request;
  IsWav(*bytes) ? request.set_audio(*std::move(bytes)) : request.set_image(*std::move(bytes));
  return request;
}

}  // namespace giot::client
