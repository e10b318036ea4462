#include "client/deals/ledger_folder.h"

#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/proof/key_file.h"

namespace giot::client {
namespace {

constexpr std::size_t kMostTokenBytes = 1024;

absl::StatusOr<Wallet> ReadWallet(const std::filesystem::path& path, const std::string& chain_id) {
  absl::StatusOr<ledger::SecretKey> key = ledger::ReadSecretKey(path);
  if (!key.ok()) return key.status();
  return Wallet(*std::move(key), chain_id);
}

}  // namespace

absl::StatusOr<LedgerFolder> ReadLedgerFolder(const std::filesystem::path& folder) {
  absl::StatusOr<ledger::VerifierKey> verifier_key = ledger::ReadVerifierKey(folder / "verifier.key");
  if (!verifier_key.ok()) return verifier_key.status();
  std::string token;
  if (absl::Status status = ledger::ReadPrivateFile(folder / "operator.token", kMostTokenBytes, token); !status.ok()) {
    return status;
  }
  absl::StripTrailingAsciiWhitespace(&token);
  absl::StatusOr<Wallet> mint = ReadWallet(folder / "mint.key", verifier_key->name);
  if (!mint.ok()) return mint.status();
  std::vector<Wallet> auditors;
  for (int number = 1;; ++number) {
    const std::filesystem::path path = folder / absl::StrCat("auditor-", number, ".key");
    if (std::error_code ignored; !std::filesystem::exists(path, ignored)) break;
    absl::StatusOr<Wallet> auditor = ReadWallet(path, verifier_key->name);
    if (!auditor.ok()) return auditor.status();
    auditors.push_back(*std::move(auditor));
  }
  return LedgerFolder{*std::move(verifier_key), std::move(token), *std::move(mint), std::move(auditors)};
}

}  // namespace giot::client
