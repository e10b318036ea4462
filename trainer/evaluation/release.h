#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/bundle/bundle.h"

namespace giot::trainer {

// The folder of the highest version of `name` below `root`; nullopt if there is none.
std::optional<std::filesystem::path> NewestRelease(const std::filesystem::path& root, const std::string& name);

// Moves the bundle in `directory` to <root>/<name>/<version>, where it appears
// whole or not at all, verified once more. Returns its new folder. AlreadyExists
// if that version is there; what Bundle::Load says if the copy does not verify.
// The candidate's own folder is removed last, so that a crash loses nothing, and
// stays where it may not be removed.
absl::StatusOr<std::filesystem::path> PromoteBundle(const std::filesystem::path& directory,
                                                    const bundle::Bundle& bundle, const std::filesystem::path& root);

}  // namespace giot::trainer
