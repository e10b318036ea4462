#pragma once

#include <map>
#include <string>

#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/state_proof.h"

namespace giot::ledger {

// The state tree by the recursive definition of FORMAT.md section 3.

using Entries = std::map<std::string, std::string>;

Digest NaiveStateRoot(const Entries& entries);
StateProof NaiveStateProof(const std::string& key, const Entries& entries);

}  // namespace giot::ledger
