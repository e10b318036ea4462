#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "server/ledger/proof/digest.h"

namespace giot::ledger {

// The Merkle tree of RFC 6962 section 2.1. Pure functions, thread-safe.

Digest LeafHash(std::string_view data);
Digest NodeHash(const Digest& left, const Digest& right);
// Of no leaves: SHA-256 of nothing.
Digest EmptyRoot();

// InvalidArgument unless `proof` (from the leaf up) leads from the leaf at `index` to the root of a
// tree of `size` leaves. At most 64 hashes.
absl::Status VerifyInclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                             const std::vector<Digest>& proof, const Digest& root);

// InvalidArgument unless `proof` shows that the first `old_size` leaves of the tree with `root`
// are those of the tree with `old_root`. An empty tree is consistent with every other.
absl::Status VerifyConsistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size, const Digest& root,
                               const std::vector<Digest>& proof);

}  // namespace giot::ledger
