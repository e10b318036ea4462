#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/settlement/wallet.h"
#include "server/ledger/proof/signed_note.h"

namespace giot::client {

// Of what `giotctl ledger init` wrote, what the mock fleet plays everybody with: the mint that vehicles paid to, the
// operator's staff that publishes, the auditors. In earnest each of these lies on a machine of its own.
struct LedgerFolder {
  ledger::VerifierKey verifier_key;
  std::string operator_token;
  Wallet mint;
  std::vector<Wallet> auditors;
};

// Errors are those of ledger::ReadVerifierKey, ReadSecretKey and ReadPrivateFile.
absl::StatusOr<LedgerFolder> ReadLedgerFolder(const std::filesystem::path& folder);

}  // namespace giot::client
