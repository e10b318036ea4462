#pragma once

#include <filesystem>
#include <string>

#include "absl/status/status.h"

namespace giot::bench {

// Random keys for a chain to try things on, and its Genesis, which names them: files mint.key, treasury.key,
// auditor-1.key to auditor-3.key (two of which decide), checkpoint.key (for a server of the first validator) and
// genesis.envelope, in a folder that exists. Deadlines are a minute, bonds one unit. Errors of CreateSecretKey,
// Unavailable.
absl::Status MakeTestnetKeys(const std::filesystem::path& folder, const std::string& chain_id);

}  // namespace giot::bench
