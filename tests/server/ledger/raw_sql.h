#pragma once

#include <filesystem>
#include <string>

namespace giot::ledger {

// Alters a ledger's file behind its back; aborts if the statements fail.
void Alter(const std::filesystem::path& path, const std::string& sql);

}  // namespace giot::ledger
