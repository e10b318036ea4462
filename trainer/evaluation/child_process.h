#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace giot::trainer {

// Runs the program `arguments[0]`, looked up on PATH, in `directory` and waits
// for its end. Unavailable if it cannot be started, Internal if it ends other
// than with 0. `arguments` must not be empty.
absl::Status RunProgram(std::vector<std::string> arguments, const std::filesystem::path& directory);

}  // namespace giot::trainer
