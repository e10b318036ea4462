#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "server/ledger/proof/digest.h"

namespace giot::ledger {

// The recursive definitions of RFC 6962 section 2.1, as they stand there.

Digest NaiveRoot(const std::vector<std::string>& leaves);
// PATH(index, leaves).
std::vector<Digest> NaiveInclusion(std::size_t index, const std::vector<std::string>& leaves);
// PROOF(old_size, leaves), 0 < old_size <= size.
std::vector<Digest> NaiveConsistency(std::size_t old_size, const std::vector<std::string>& leaves);

}  // namespace giot::ledger
