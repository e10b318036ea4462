#include "server/ledger/proof/ed25519.h"

#include <sodium.h>

#include <cstdlib>

namespace giot::ledger {

static_assert(crypto_sign_PUBLICKEYBYTES == std::tuple_size_v<PublicKey>);
static_assert(crypto_sign_BYTES == std::tuple_size_v<Signature>);
static_assert(crypto_sign_SEEDBYTES == std::tuple_size_v<Seed>);

SecretKey::SecretKey(const Seed& seed) {
  static_assert(crypto_sign_SECRETKEYBYTES == std::tuple_size_v<decltype(secret_)>);
  crypto_sign_seed_keypair(public_key_.data(), secret_.data(), seed.data());
}

SecretKey SecretKey::Random() {
  if (sodium_init() < 0) std::abort();  // No randomness to be had.
  Seed seed;
  randombytes_buf(seed.data(), seed.size());
  SecretKey key(seed);
  sodium_memzero(seed.data(), seed.size());
  return key;
}

SecretKey::SecretKey(SecretKey&& other) noexcept : secret_(other.secret_), public_key_(other.public_key_) {
  sodium_memzero(other.secret_.data(), other.secret_.size());
}

SecretKey::~SecretKey() { sodium_memzero(secret_.data(), secret_.size()); }

Signature SecretKey::Sign(std::string_view message) const {
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()),
                       message.size(), secret_.data());
  return signature;
}

bool Verify(const PublicKey& key, std::string_view message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), reinterpret_cast<const unsigned char*>(message.data()),
                                     message.size(), key.data()) == 0;
}

}  // namespace giot::ledger
