#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace giot::ledger {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;
using Seed = std::array<std::uint8_t, 32>;

// A secret key of Ed25519 (RFC 8032). Its memory is wiped when it dies; nothing prints it.
// Not copied, so that there is one of it. Signing is thread-safe.
class SecretKey {
 public:
  // The seed is the caller's to wipe.
  explicit SecretKey(const Seed& seed);
  static SecretKey Random();

  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&&) = delete;
  ~SecretKey();

  const PublicKey& public_key() const { return public_key_; }
  Signature Sign(std::string_view message) const;

 private:
  std::array<std::uint8_t, 64> secret_{};  // As libsodium has it: seed || public key.
  PublicKey public_key_{};
};

// As libsodium judges: S below the group order; the key canonical, neither it nor R of small
// order. About 50 us. Thread-safe.
bool Verify(const PublicKey& key, std::string_view message, const Signature& signature);

}  // namespace giot::ledger
