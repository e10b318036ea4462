#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/signed_note.h"

namespace giot::ledger {

// What a log's keeper vouches for at one size (c2sp.org/tlog-checkpoint, FORMAT.md section 6).
struct Checkpoint {
  std::string origin;  // The chain id.
  std::uint64_t size = 0;
  Digest root{};
  std::uint64_t height = 0;
  Digest app_hash{};
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The text of the note.
std::string CheckpointText(const Checkpoint& checkpoint);
// InvalidArgument naming the line, what it got and what it wanted.
absl::StatusOr<Checkpoint> ParseCheckpointText(std::string_view text);

// The signed note.
std::string SignCheckpoint(const Checkpoint& checkpoint, const SecretKey& key);

// The checkpoint of a note that `key` signed, with the origin that is the key's name.
// InvalidArgument, NotFound (no signature of that key).
absl::StatusOr<Checkpoint> OpenCheckpoint(std::string_view note, const VerifierKey& key);

// Whether an honest keeper cannot have signed both: one origin, and equal size with different
// root, or equal height with different app hash.
bool Contradict(const Checkpoint& one, const Checkpoint& other);

}  // namespace giot::ledger
