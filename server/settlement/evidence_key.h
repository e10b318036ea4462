#pragma once

#include <array>
#include <cstdint>
#include <filesystem>

#include "absl/status/statusor.h"
#include "server/ledger/proof/digest.h"

namespace giot::settlement {

// The secret that evidence is encrypted with. Its memory is wiped when it dies; nothing prints it.
class EvidenceKey {
 public:
  using Bytes = std::array<std::uint8_t, 32>;

  // The bytes are the caller's to wipe.
  explicit EvidenceKey(const Bytes& bytes) : bytes_(bytes) {}
  EvidenceKey(EvidenceKey&& other) noexcept;
  EvidenceKey& operator=(EvidenceKey&&) = delete;
  ~EvidenceKey();

  // From a file as FORMAT.md section 9 has those of secret keys; one that is missing is made, mode 0600, with a random
  // key. Errors are those of ledger::ReadSecretKey, but for NotFound.
  static absl::StatusOr<EvidenceKey> FromFile(const std::filesystem::path& path);

  const Bytes& bytes() const { return bytes_; }
  // Says which key it is, and nothing else of it.
  ledger::Digest id() const;

 private:
  Bytes bytes_;
};

}  // namespace giot::settlement
