#include "client/programs/connected_ledger.h"

#include <iostream>
#include <limits>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/programs/command_flags.h"
#include "client/programs/settlement_printer.h"
#include "client/programs/small_file.h"
#include "server/ledger/proof/transaction.h"

ABSL_FLAG(std::string, receipt, "", "new file for the receipt of the transaction");

namespace giot::client {
namespace {

CallOptions PersistentCallOptions() {
  CallOptions options = CallOptionsFromFlags();
  options.retry.max_attempts = std::numeric_limits<int>::max();
  return options;
}

bool LeavesItUnknown(const absl::Status& status) {
  if (status.ok() || absl::IsFailedPrecondition(status) || absl::IsInvalidArgument(status)) return false;
  // The server's word that it did not place it in time (proto/giot/v1/settlement.proto, Transact).
  return !absl::IsDeadlineExceeded(status) ||
         !absl::StrContains(status.message(), ledger::v1::Code_Name(ledger::v1::CODE_EXPIRED));
}

absl::Status Keep(const std::string& envelope, const absl::Status& why) {
  const std::string id = HexText(ledger::TransactionId(envelope));
  const std::string path = absl::StrCat("transaction-", id, ".envelope");
  const absl::Status kept = WriteNewFile(path, envelope);
  if (!kept.ok() && !absl::IsAlreadyExists(kept)) {
    return absl::Status(why.code(), absl::StrCat(why.message(), "; it is unknown whether transaction ", id,
                                                 " is placed, and it cannot be kept: ", kept.message()));
  }
  return absl::Status(
      why.code(), absl::StrCat(why.message(), "; it is unknown whether transaction ", id,
                               " is placed: repeat it, which places it once, by 'giotctl ledger place ", path, "'"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ConnectedLedger>> ConnectedLedger::FromFlags() {
  absl::StatusOr<ledger::VerifierKey> key = VerifierKeyFromFlags();
  if (!key.ok()) return key.status();
  return std::make_unique<ConnectedLedger>(*std::move(key));
}

ConnectedLedger::ConnectedLedger(ledger::VerifierKey key)
    : client(absl::GetFlag(FLAGS_server), PersistentCallOptions()), ledger(client, std::move(key)) {}

absl::Status PlaceByFlags(ConnectedLedger& connected, ledger::v1::Body body) {
  const absl::StatusOr<Wallet> wallet = WalletFromFlags(connected.ledger.chain_id());
  if (!wallet.ok()) return wallet.status();
  return Place(connected, *wallet, std::move(body));
}

absl::Status Place(ConnectedLedger& connected, const Wallet& wallet, ledger::v1::Body body) {
  const absl::StatusOr<std::int64_t> now_us = connected.ledger.NowUs();
  if (!now_us.ok()) return now_us.status();
  return PlaceEnvelope(connected, wallet.Seal(std::move(body), *now_us));
}

absl::Status PlaceEnvelope(ConnectedLedger& connected, const std::string& envelope) {
  const absl::StatusOr<PlacedTransaction> placed = connected.ledger.PlaceSuccessfully(envelope);
  return LeavesItUnknown(placed.status()) ? Keep(envelope, placed.status()) : ReportPlaced(placed);
}

absl::Status ReportPlaced(const absl::StatusOr<PlacedTransaction>& placed) {
  if (!placed.ok()) return placed.status();
  PrintPlaced(*placed, absl::GetFlag(FLAGS_json), std::cout);
  const std::string path = absl::GetFlag(FLAGS_receipt);
  return path.empty() ? absl::OkStatus() : WriteNewFile(path, placed->receipt);
}

}  // namespace giot::client
