#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::settlement {

// Folders of files that are whole or not at all (server/ledger/proof/files.h).

// A folder of mode 0700, durable when it returns OK; one that is there is left as it is. Unavailable.
absl::Status MakePrivateFolder(const std::filesystem::path& folder);

// Names of its files, in order, all of them durable, once what is left of those that were being written is removed:
// their names are a file's, of `name_size` characters, a dot and six more. Unavailable.
absl::StatusOr<std::vector<std::string>> WholeFiles(const std::filesystem::path& folder, std::size_t name_size);

// Nothing if there is no such file. Unavailable.
absl::Status RemoveFile(const std::filesystem::path& path);

}  // namespace giot::settlement
