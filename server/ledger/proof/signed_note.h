#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::ledger {

// Signed notes (c2sp.org/signed-note) with Ed25519 signatures and witnesses' timestamped
// cosignatures (c2sp.org/tlog-cosignature). Pure functions, thread-safe.

enum class NoteKeyType : std::uint8_t { kEd25519 = 0x01, kCosignature = 0x04 };

// Not empty, UTF-8, without spaces, control characters and '+'.
bool IsNoteKeyName(std::string_view name);

// A key that a reader trusts. Its text form is "<name>+<hex of key id>+<base64 of type || key>".
struct VerifierKey {
  std::string name;  // IsNoteKeyName.
  NoteKeyType type = NoteKeyType::kEd25519;
  PublicKey key{};

  // First four bytes of SHA-256(name || 0x0A || type || key).
  std::uint32_t id() const;
};
std::string FormatVerifierKey(const VerifierKey& key);
// InvalidArgument naming what is wrong with it.
absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view text);

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  std::string signature;  // Without the key id.
};

struct Note {
  std::string text;  // With its last line break.
  std::vector<NoteSignature> signatures;
};

inline constexpr std::size_t kMostNoteBytes = 16'384;
inline constexpr std::size_t kMostNoteSignatures = 16;

std::string FormatNote(const Note& note);
// InvalidArgument naming the line; also for more than the limits above.
absl::StatusOr<Note> ParseNote(std::string_view bytes);

NoteSignature SignNote(std::string_view text, std::string_view name, const SecretKey& key);
NoteSignature Cosign(std::string_view text, std::string_view name, std::uint64_t unix_seconds, const SecretKey& key);

// NotFound if no signature has the key's name and id; InvalidArgument if one that has does not
// verify. Of a cosignature, the time in Unix seconds; else 0.
absl::StatusOr<std::uint64_t> VerifyNote(const Note& note, const VerifierKey& key);

}  // namespace giot::ledger
