#include "server/ledger/proof/digest.h"

#include <openssl/evp.h>

#include <cstdlib>

namespace giot::ledger {
namespace {

// libcrypto's, since it uses the processor's instructions for SHA-256, as libsodium does not: three times as fast.
// Looking for it and making a context take longer than a hash.
class Hasher {
 public:
  Hasher() : context_(EVP_MD_CTX_new()) {
    if (context_ == nullptr || Algorithm() == nullptr) std::abort();  // No memory, or a libcrypto without SHA-256.
  }
  ~Hasher() { EVP_MD_CTX_free(context_); }
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Digest HashOf(std::initializer_list<std::string_view> parts) {
    bool right = EVP_DigestInit_ex2(context_, Algorithm(), nullptr) == 1;
    for (const std::string_view part : parts) {
      right = right && EVP_DigestUpdate(context_, part.data(), part.size()) == 1;
    }
    Digest digest;
    if (!right || EVP_DigestFinal_ex(context_, digest.data(), nullptr) != 1) std::abort();
    return digest;
  }

 private:
  static const EVP_MD* Algorithm() {
    static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return kSha256;
  }

  EVP_MD_CTX* const context_;
};

}  // namespace

Digest Sha256(std::initializer_list<std::string_view> parts) {
  thread_local Hasher hasher;
  return hasher.HashOf(parts);
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
