#pragma once

#include <cstddef>
#include <filesystem>

#include "absl/status/statusor.h"

namespace giot::bench {

// How often a second the disk takes what a ledger writes for one transaction, if nobody computes anything: some pages
// written and synced in one file, then a slot in another, both overwritten in place. No ledger that syncs both before
// it answers does more one at a time. Unavailable.
absl::StatusOr<double> SyncsPerSecond(const std::filesystem::path& folder, std::size_t count);

}  // namespace giot::bench
