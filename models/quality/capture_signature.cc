#include "models/quality/capture_signature.h"

#include <sodium.h>

#include <bit>
#include <cstddef>

namespace giot::quality {
namespace {

void AppendWord(std::uint64_t word, std::string& bytes) {
  for (std::size_t i = 0; i < sizeof(word); ++i) bytes.push_back(static_cast<char>(word >> (8 * i)));
}

const unsigned char* Unsigned(const std::string& bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

}  // namespace

std::string SignedBytes(const Capture& capture, const Digest& image_sha256) {
  std::string bytes = "giot.v1.Capture";
  AppendWord(capture.source_id.size(), bytes);
  bytes += capture.source_id;
  AppendWord(static_cast<std::uint64_t>(capture.captured_at_us), bytes);
  AppendWord(std::bit_cast<std::uint64_t>(capture.latitude), bytes);
  AppendWord(std::bit_cast<std::uint64_t>(capture.longitude), bytes);
  bytes += BytesOf(image_sha256);
  return bytes;
}

SecretKey SecretKeyFrom(const std::array<std::uint8_t, 32>& seed) {
  std::array<std::uint8_t, 32> public_key{};
  SecretKey secret_key{};
  crypto_sign_seed_keypair(public_key.data(), secret_key.data(), seed.data());
  return secret_key;
}

CaptureSignature Sign(const Capture& capture, const Digest& image_sha256, const SecretKey& secret_key) {
  CaptureSignature made;
  crypto_sign_ed25519_sk_to_pk(made.public_key.data(), secret_key.data());
  const std::string bytes = SignedBytes(capture, image_sha256);
  crypto_sign_detached(made.signature.data(), nullptr, Unsigned(bytes), bytes.size(), secret_key.data());
  return made;
}

absl::Status VerifySignature(const Capture& capture, const Digest& image_sha256, const CaptureSignature& signature) {
  const std::string bytes = SignedBytes(capture, image_sha256);
  if (crypto_sign_verify_detached(signature.signature.data(), Unsigned(bytes), bytes.size(),
                                  signature.public_key.data()) == 0) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("capture.signature: does not verify, want one of this capture and image");
}

}  // namespace giot::quality
