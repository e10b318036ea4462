#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "models/quality/sensing_score.h"
#include "models/quality/sha256.h"

namespace giot::quality {

// Ed25519 (RFC 8032) over SignedBytes.
struct CaptureSignature {
  std::array<std::uint8_t, 32> public_key{};
  std::array<std::uint8_t, 64> signature{};
};

// What a source signs: "giot.v1.Capture", the length of source_id, source_id,
// captured_at_us, latitude, longitude, and the image's SHA-256; integers and the
// bits of doubles in eight bytes, least significant first. The same capture and
// image give the same bytes, others never do.
std::string SignedBytes(const Capture& capture, const Digest& image_sha256);

using SecretKey = std::array<std::uint8_t, 64>;  // As libsodium has it: seed || public key.

SecretKey SecretKeyFrom(const std::array<std::uint8_t, 32>& seed);

CaptureSignature Sign(const Capture& capture, const Digest& image_sha256, const SecretKey& secret_key);

// InvalidArgument if it is not the signature of this capture and image.
absl::Status VerifySignature(const Capture& capture, const Digest& image_sha256, const CaptureSignature& signature);

}  // namespace giot::quality
