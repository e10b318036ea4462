#include "client/programs/connected_ledger.h"

#include <iostream>
#include <utility>

#include "absl/flags/flag.h"
#include "client/programs/command_flags.h"
#include "client/programs/settlement_printer.h"
#include "client/programs/small_file.h"

ABSL_FLAG(std::string, receipt, "", "new file for the receipt of the transaction");

namespace giot::client {

absl::StatusOr<std::unique_ptr<ConnectedLedger>> ConnectedLedger::FromFlags() {
  absl::StatusOr<ledger::VerifierKey> key = VerifierKeyFromFlags();
  if (!key.ok()) return key.status();
  return std::make_unique<ConnectedLedger>(*std::move(key));
}

ConnectedLedger::ConnectedLedger(ledger::VerifierKey key)
    : client(absl::GetFlag(FLAGS_server), CallOptionsFromFlags()), ledger(client, std::move(key)) {}

absl::Status PlaceByFlags(ConnectedLedger& connected, ledger::v1::Body body) {
  const absl::StatusOr<Wallet> wallet = WalletFromFlags(connected.ledger.chain_id());
  if (!wallet.ok()) return wallet.status();
  return Place(connected, *wallet, std::move(body));
}

absl::Status Place(ConnectedLedger& connected, const Wallet& wallet, ledger::v1::Body body) {
  const absl::StatusOr<std::int64_t> now_us = connected.ledger.NowUs();
  if (!now_us.ok()) return now_us.status();
  return ReportPlaced(connected.ledger.PlaceSuccessfully(wallet.Seal(std::move(body), *now_us)));
}

absl::Status ReportPlaced(const absl::StatusOr<PlacedTransaction>& placed) {
  if (!placed.ok()) return placed.status();
  PrintPlaced(*placed, absl::GetFlag(FLAGS_json), std::cout);
  const std::string path = absl::GetFlag(FLAGS_receipt);
  return path.empty() ? absl::OkStatus() : WriteNewFile(path, placed->receipt);
}

}  // namespace giot::client
