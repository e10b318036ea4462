#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::quality {

// The bytes of a regular file. NotFound; InvalidArgument if it is a symbolic link, no regular
// file, or larger than `most_bytes` (seen before a byte is read); Unavailable if reading fails.
absl::StatusOr<std::string> ReadRegularFile(const std::filesystem::path& path, std::size_t most_bytes);

// Makes a directory appear at once with the given files (name -> bytes), or not at all: written
// under a temporary name beside it, synced, renamed. Makes its parents. AlreadyExists;
// Unavailable if it cannot be written.
absl::Status CreateDirectoryWith(const std::filesystem::path& directory,
                                 const std::map<std::string, std::string>& files);

}  // namespace giot::quality
