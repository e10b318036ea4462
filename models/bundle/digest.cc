#include "models/bundle/digest.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace giot::bundle {
namespace {

static_assert(2 * crypto_hash_sha256_BYTES == kDigestHexSize);
static_assert(2 * crypto_sign_PUBLICKEYBYTES == kPublicKeyHexSize);
static_assert(2 * crypto_sign_SECRETKEYBYTES == kSecretKeyHexSize);
static_assert(2 * crypto_sign_BYTES == kSignatureHexSize);

void InitializeOnce() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) {
    std::fputs("libsodium cannot be initialised\n", stderr);
    std::abort();
  }
}

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

template <std::size_t kSize>
std::string ToHex(const std::array<unsigned char, kSize>& bytes) {
  std::array<char, 2 * kSize + 1> text;
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  return text.data();
}

template <std::size_t kSize>
bool FromHex(std::string_view hex, std::array<unsigned char, kSize>& bytes) {
  std::size_t size = 0;
  return hex.size() == 2 * kSize &&
         sodium_hex2bin(bytes.data(), bytes.size(), hex.data(), hex.size(), nullptr, &size, nullptr) == 0 &&
         size == kSize;
}

}  // namespace

bool IsLowerHex(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string Sha256Hex(std::string_view bytes) {
  InitializeOnce();
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256(digest.data(), Bytes(bytes), bytes.size());
  return ToHex(digest);
}

absl::StatusOr<Signature> Sign(std::string_view message, std::string_view secret_key_hex) {
  InitializeOnce();
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret;
  if (!FromHex(secret_key_hex, secret)) {
    return absl::InvalidArgumentError(
        absl::StrCat("secret key: got ", secret_key_hex.size(), " characters, want 128 hex digits"));
  }
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key;
  std::copy(secret.end() - crypto_sign_PUBLICKEYBYTES, secret.end(), public_key.begin());
  std::array<unsigned char, crypto_sign_BYTES> signature;
  crypto_sign_detached(signature.data(), nullptr, Bytes(message), message.size(), secret.data());
  sodium_memzero(secret.data(), secret.size());
  return Signature{ToHex(public_key), ToHex(signature)};
}

absl::Status Verify(std::string_view message, const Signature& signature) {
  InitializeOnce();
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key;
  std::array<unsigned char, crypto_sign_BYTES> bytes;
  if (!FromHex(signature.public_key, public_key) || !FromHex(signature.signature, bytes)) {
    return absl::InvalidArgumentError("signature: want a key of 64 and a signature of 128 hex digits");
  }
  if (crypto_sign_verify_detached(bytes.data(), Bytes(message), message.size(), public_key.data()) != 0) {
    return absl::DataLossError(absl::StrCat("signature: not made by key ", signature.public_key, " over these bytes"));
  }
  return absl::OkStatus();
}

}  // namespace giot::bundle
