#include "server/quality/newest_model.h"

#include <system_error>

#include "absl/strings/numbers.h"

namespace giot::scoring {

std::optional<std::filesystem::path> NewestModel(const std::filesystem::path& models) {
  std::optional<std::filesystem::path> newest;
  int highest = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(models, error)) {
    int version = 0;
    if (!entry.is_directory(error) || !absl::SimpleAtoi(entry.path().filename().string(), &version)) continue;
    if (version <= highest) continue;
    highest = version;
    newest = entry.path();
  }
  return newest;
}

}  // namespace giot::scoring
