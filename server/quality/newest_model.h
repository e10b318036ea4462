#pragma once

#include <filesystem>
#include <optional>

namespace giot::scoring {

// The folder <models>/<version> of the highest version; nullopt if there is none. What
// is not named by a version is one in the making.
std::optional<std::filesystem::path> NewestModel(const std::filesystem::path& models);

}  // namespace giot::scoring
