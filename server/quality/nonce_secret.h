#pragma once

#include <filesystem>
#include <string_view>

#include "absl/status/statusor.h"
#include "models/quality/sha256.h"

namespace giot::scoring {

using quality::Digest;

// What nonces are derived from. Nobody who submits knows it, so that nobody can
// choose an image by how lucky its nonce is; its commitment keeps the server from
// choosing it afterwards.
class NonceSecret {
 public:
  // 32 random bytes.
  static NonceSecret Random();

  // The secret that `path` holds: 64 hexadecimal digits and, maybe, a line break. A
  // missing file is created with a random one, mode 0600. FailedPrecondition if others than its
  // owner may read or write the file; InvalidArgument if it holds anything else;
  // Unavailable if it cannot be read or written.
  static absl::StatusOr<NonceSecret> FromFile(const std::filesystem::path& path);

  // SHA-256(secret).
  Digest Commitment() const;
  // SHA-256(secret || source_id || image_digest): the parts at both ends have fixed lengths.
  Digest NonceFor(std::string_view source_id, const Digest& image_digest) const;

 private:
  explicit NonceSecret(const Digest& secret) : secret_(secret) {}

  Digest secret_;
};

}  // namespace giot::scoring
