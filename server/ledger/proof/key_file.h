#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/proof/ed25519.h"
#include "server/ledger/proof/signed_note.h"

namespace giot::ledger {

// Key files of FORMAT.md section 9. No message holds what the file of a secret key holds.

// A file that nobody but its owner may read: up to `most` bytes of it, for the caller to wipe. NotFound; FailedPrecondition
// if another user owns the file or its mode is not 0600 or 0400; InvalidArgument if it is no regular file or longer;
// Unavailable if it cannot be read.
absl::Status ReadPrivateFile(const std::filesystem::path& path, std::size_t most, std::string& bytes);

// Errors are those of ReadPrivateFile; InvalidArgument also if it holds anything but a key.
absl::StatusOr<SecretKey> ReadSecretKey(const std::filesystem::path& path);

// Makes a random key and its file, mode 0600, synced together with its folder.
// AlreadyExists: a key is never overwritten; Unavailable.
absl::StatusOr<SecretKey> CreateSecretKey(const std::filesystem::path& path);

// NotFound, InvalidArgument, Unavailable. Permissions do not matter.
absl::StatusOr<PublicKey> ReadPublicKey(const std::filesystem::path& path);
absl::StatusOr<VerifierKey> ReadVerifierKey(const std::filesystem::path& path);

}  // namespace giot::ledger
