#pragma once

#include <filesystem>
#include <string_view>

#include "absl/status/status.h"

namespace giot::trainer {

// Replaces `path` by a file with these bytes, whole or not at all, durably. Its
// folder is created if missing.
absl::Status ReplaceFile(const std::filesystem::path& path, std::string_view bytes);

}  // namespace giot::trainer
