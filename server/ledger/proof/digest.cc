#include "server/ledger/proof/digest.h"

#include <sodium.h>

namespace giot::ledger {

static_assert(crypto_hash_sha256_BYTES == std::tuple_size_v<Digest>);

// libsodium's hashes need no sodium_init(), which only prepares random numbers and chooses
// implementations of other functions.
Digest Sha256(std::initializer_list<std::string_view> parts) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const std::string_view part : parts) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
  }
  Digest digest;
  crypto_hash_sha256_final(&state, digest.data());
  return digest;
}

std::string HexOf(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    const auto value = static_cast<std::uint8_t>(byte);
    text += kDigits[value >> 4];
    text += kDigits[value & 15];
  }
  return text;
}

}  // namespace giot::ledger
