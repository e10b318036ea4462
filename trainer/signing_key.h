#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"

namespace giot::trainer {

// The Ed25519 secret key (128 hex digits, white space around them ignored) in
// `path`. NotFound if it cannot be opened; PermissionDenied unless it is a
// regular file that its owner alone may use (mode 0600 or less);
// InvalidArgument if it holds anything else. No message repeats its content.
absl::StatusOr<std::string> ReadSigningKey(const std::filesystem::path& path);

}  // namespace giot::trainer
