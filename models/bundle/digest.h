#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::bundle {

inline constexpr std::size_t kDigestHexSize = 64;
inline constexpr std::size_t kPublicKeyHexSize = 64;
inline constexpr std::size_t kSecretKeyHexSize = 128;
inline constexpr std::size_t kSignatureHexSize = 128;

// Whether `text` is `size` digits of 0-9a-f.
bool IsLowerHex(std::string_view text, std::size_t size);

// SHA-256, lower-case hex.
std::string Sha256Hex(std::string_view bytes);

// An Ed25519 signature (RFC 8032) and the key that verifies it, lower-case hex.
struct Signature {
  std::string public_key;
  std::string signature;
};

// Signs with libsodium's secret key (seed || public key, 128 hex digits of
// either case). InvalidArgument if it is malformed; the key is never repeated.
absl::StatusOr<Signature> Sign(std::string_view message, std::string_view secret_key_hex);

// InvalidArgument if `signature` is malformed, DataLoss if it does not verify.
absl::Status Verify(std::string_view message, const Signature& signature);

}  // namespace giot::bundle
