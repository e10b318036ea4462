#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/digest.h"

namespace giot::ledger {

// Hashes of the state tree (FORMAT.md section 3). A key has at most 65,535 bytes, a depth is 0 to 255.
Digest StatePath(std::string_view key);
Digest StateLeafHash(std::string_view key, std::string_view value);
Digest StateNodeHash(std::uint8_t depth, const Digest& zero_side, const Digest& one_side);
// Bit `depth`, from 0, of a path.
bool PathBit(const Digest& path, int depth);

// That a key has a value, or none, in the tree with some root.
struct StateProof {
  struct Step {
    std::uint8_t depth = 0;
    Digest sibling{};
  };
  std::optional<std::string> value;  // nullopt: absent.
  // Absent from a tree that is not empty: the entry at the end of the key's way.
  std::optional<std::pair<std::string, std::string>> other;
  std::vector<Step> steps;  // From the root down.
};

// InvalidArgument unless it shows just that of the tree with `root`. Thread-safe.
absl::Status VerifyStateProof(std::string_view key, const StateProof& proof, const Digest& root);

// A `.state-proof` file (FORMAT.md section 7), which needs nothing else but the log's public key.
struct StateProofFile {
  std::string key;
  StateProof proof;
  Digest log_root{};
  Digest state_root{};
  std::string checkpoint;  // The signed note.
};
std::string FormatStateProof(const StateProofFile& file);
// InvalidArgument naming the line, what it got and what it wanted.
absl::StatusOr<StateProofFile> ParseStateProof(std::string_view text);

// The checkpoint, if it is signed by `key`, its app hash is of the file's two roots, and the proof
// leads to the state root. Offline. InvalidArgument, NotFound (no signature of that key).
absl::StatusOr<Checkpoint> VerifyStateProofFile(const StateProofFile& file, const VerifierKey& key);

}  // namespace giot::ledger
