#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::client {

// The files that commands read and write: keys, proofs, tokens, images. Messages name the path.

// NotFound, InvalidArgument (no regular file, or more than 64 MiB), Unavailable.
absl::StatusOr<std::string> ReadSmallFile(const std::filesystem::path& path);
// Without the white space at its end; the file must be its owner's alone, for it holds a secret: FailedPrecondition.
absl::StatusOr<std::string> ReadSecretText(const std::filesystem::path& path);

// A new file of mode 0600. AlreadyExists, Unavailable.
absl::Status WriteNewFile(const std::filesystem::path& path, std::string_view bytes);

}  // namespace giot::client
