#include "models/quality/sha256.h"

#include <sodium.h>

namespace giot::quality {

static_assert(crypto_hash_sha256_BYTES == std::tuple_size_v<Digest>);

// libsodium's hashes need no sodium_init(), which only prepares random numbers and chooses
// implementations of other functions.
Digest Sha256(std::string_view first, std::string_view second) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const std::string_view part : {first, second}) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
  }
  Digest digest;
  crypto_hash_sha256_final(&state, digest.data());
  return digest;
}

std::string HexOf(const Digest& digest) {
  std::array<char, 2 * std::tuple_size_v<Digest> + 1> text;
  return sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
}

std::string_view BytesOf(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

}  // namespace giot::quality
