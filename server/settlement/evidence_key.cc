#include "server/settlement/evidence_key.h"

#include <sodium.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/files.h"
#include "server/ledger/proof/key_file.h"
#include "server/ledger/proof/text_encoding.h"

namespace giot::settlement {
namespace {

constexpr std::size_t kFileBytes = 65;  // 64 digits and a line break.

void Wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

absl::StatusOr<EvidenceKey> Decode(const std::filesystem::path& path, std::string_view text) {
  std::optional<std::string> digits;
  if (text.size() == kFileBytes && text.ends_with('\n')) digits = ledger::FromHex(text.substr(0, kFileBytes - 1));
  if (!digits) {
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), ": want 64 lower-case hexadecimal digits and a line break"));
  }
  EvidenceKey::Bytes bytes{};
  ledger::FromBytes(*digits, bytes);
  Wipe(*digits);
  EvidenceKey key(bytes);
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

absl::Status CreateKeyFile(const std::filesystem::path& path) {
  if (sodium_init() < 0) std::abort();  // No randomness to be had.
  EvidenceKey::Bytes bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::string text = ledger::HexOf(ledger::BytesOf(bytes));
  text.reserve(kFileBytes);
  text += '\n';
  absl::Status status = ledger::CreateFile(path, text);
  Wipe(text);
  sodium_memzero(bytes.data(), bytes.size());
  return status;
}

}  // namespace

EvidenceKey::EvidenceKey(EvidenceKey&& other) noexcept : bytes_(other.bytes_) {
  sodium_memzero(other.bytes_.data(), other.bytes_.size());
}

EvidenceKey::~EvidenceKey() { sodium_memzero(bytes_.data(), bytes_.size()); }

absl::StatusOr<EvidenceKey> EvidenceKey::FromFile(const std::filesystem::path& path) {
  std::string text;
  absl::Status status = ledger::ReadPrivateFile(path, kFileBytes, text);
  if (absl::IsNotFound(status)) {
    status = CreateKeyFile(path);
    if (status.ok()) status = ledger::ReadPrivateFile(path, kFileBytes, text);
  }
  if (!status.ok()) return status;
  absl::StatusOr<EvidenceKey> key = Decode(path, text);
  Wipe(text);
  return key;
}

ledger::Digest EvidenceKey::id() const {
  return ledger::Sha256({"giot.settlement.evidence-key.v1", ledger::BytesOf(bytes_)});
}

}  // namespace giot::settlement
