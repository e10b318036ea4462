#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/settlement/proven_ledger.h"
#include "client/settlement/settlement_client.h"
#include "client/settlement/wallet.h"

namespace giot::client {

// The ledger behind --server, proved by --verifier_key, and who signs, by --key. Calls are repeated while --deadline
// lasts. One thread at a time.
struct ConnectedLedger {
  // Errors of VerifierKeyFromFlags.
  static absl::StatusOr<std::unique_ptr<ConnectedLedger>> FromFlags();

  explicit ConnectedLedger(ledger::VerifierKey key);
  ConnectedLedger(const ConnectedLedger&) = delete;
  ConnectedLedger& operator=(const ConnectedLedger&) = delete;

  SettlementClient client;
  ProvenLedger ledger;
};

// Signs `body` by --key, has it placed, writes the receipt where --receipt names a file, and tells of it. Fails as
// ProvenLedger::PlaceSuccessfully. Where that leaves it unknown whether the transaction is placed, its envelope is
// kept, in transaction-ID.envelope of the working folder, and the message says how to repeat it: signed anew it would
// be another, which may take effect a second time.
absl::Status PlaceByFlags(ConnectedLedger& connected, ledger::v1::Body body);
absl::Status Place(ConnectedLedger& connected, const Wallet& wallet, ledger::v1::Body body);
// The same, for what is signed already.
absl::Status PlaceEnvelope(ConnectedLedger& connected, const std::string& envelope);
// The second half, for what is placed already.
absl::Status ReportPlaced(const absl::StatusOr<PlacedTransaction>& placed);

}  // namespace giot::client
