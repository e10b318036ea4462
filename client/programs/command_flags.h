#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/flags/declare.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/connection.h"
#include "client/settlement/wallet.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/signed_note.h"

// Flags that several commands share.
ABSL_DECLARE_FLAG(std::string, server);
ABSL_DECLARE_FLAG(bool, json);
ABSL_DECLARE_FLAG(std::string, key);
ABSL_DECLARE_FLAG(std::string, out);
ABSL_DECLARE_FLAG(std::string, local_model);

namespace giot::client {

// --deadline.
CallOptions CallOptionsFromFlags();

// InvalidArgument unless there are so many, saying what they should be.
absl::Status WantArguments(const std::vector<std::string>& arguments, std::size_t count, std::string_view what);

// 32 bytes in hex: an id, a key or a digest. InvalidArgument naming `what`.
absl::StatusOr<ledger::Digest> ParseHexDigest(std::string_view what, std::string_view text);
absl::StatusOr<ledger::Digest> TaskFromFlags();     // --task
absl::StatusOr<ledger::Digest> VehicleFromFlags();  // --vehicle
bool HasVehicleFlag();

// --amount, micro-units, more than 0.
absl::StatusOr<std::int64_t> AmountFromFlags();

// --verifier_key: InvalidArgument if it is not given; errors of ledger::ReadVerifierKey.
absl::StatusOr<ledger::VerifierKey> VerifierKeyFromFlags();
bool HasVerifierKeyFlag();

// --key, for the ledger of a verifier key. Errors of ledger::ReadSecretKey.
absl::StatusOr<Wallet> WalletFromFlags(const std::string& chain_id);
absl::StatusOr<Wallet> WalletFromFile(const std::string& path, const std::string& chain_id);

// Prints, or writes to a new file where --out names one.
absl::Status PrintOrWrite(std::string_view bytes);

}  // namespace giot::client
