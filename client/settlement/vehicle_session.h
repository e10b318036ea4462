#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/settlement/proven_ledger.h"
#include "client/settlement/wallet.h"
#include "giot/v1/settlement.pb.h"
#include "server/ledger/state/entries.h"

namespace giot::client {

// What a delivery brought, verified.
struct Delivered {
  ledger::Digest data_sha256{};
  ledger::Digest data_digest{};  // That the ledger is told.
  ledger::v1::DataReceipt receipt;
  v1::SensingQualityScore score;
  std::int32_t payable_micros = 0;  // What the operator is going to score; pays if it reaches the item's quality.
};

// One vehicle's part in one task, from the terms to the money: accept, deliver, submit, and wait for what
// becomes of it. Nothing that the server says is believed before it is verified: terms and outcomes by state
// proofs, transactions by receipts, the operator's receipt of data by the key that the ledger has of it, the score by
// the task's own rule. A new session may go on after a crash: see ProvenLedger::ReadAcceptance for how far the last one
// came. One thread at a time; many sessions may share a ProvenLedger. Errors besides those of the server: DataLoss for
// an answer that does not verify, which names it; FailedPrecondition with the code's name where the ledger's rules
// refuse.
class VehicleSession {
 public:
  // Both outlive it; the wallet holds the vehicle's key.
  VehicleSession(ProvenLedger& ledger, const Wallet& wallet, const ledger::TaskId& task);

  // NotFound. Read once, since terms never change.
  absl::StatusOr<ledger::TaskTerms> Terms();
  // What, where and when, verified against the transaction that published the task; deliveries are then held to its
  // requirements. NotFound: the server does not have it.
  absl::StatusOr<v1::TaskDescription> Description();

  // Accepts an item, from 0; returns the receipt.
  absl::StatusOr<PlacedTransaction> Accept(int item);

  // Hands over the data, with capture time and place, signed here as the vehicle's; requirements need not be set. May
  // be repeated: the data alone decide whether it is the same delivery. AlreadyExists if the operator has other data
  // of this vehicle. DataLoss also for a time of arrival more than 5 s before the capture or after the answer.
  absl::StatusOr<Delivered> Deliver(v1::ScoreSensingQualityRequest data);

  // Tells the ledger of it. Without this nothing is paid.
  absl::StatusOr<PlacedTransaction> Submit(const Delivered& delivered);

  // Waits until the acceptance is scored or final, asking every `poll`: PAID, BELOW (which may be disputed),
  // REFUSED or FORFEITED. DeadlineExceeded after `most`; NotFound if there is no acceptance. DataLoss if it was
  // scored otherwise than at delivery: dispute it.
  absl::StatusOr<ledger::Acceptance> AwaitOutcome(absl::Duration most, absl::Duration poll = absl::Milliseconds(200));

  absl::StatusOr<PlacedTransaction> Dispute();
  // After its deadline: what was submitted and never scored is paid by this.
  absl::StatusOr<PlacedTransaction> Settle();

 private:
  absl::StatusOr<PlacedTransaction> Place(ledger::v1::Body body);
  absl::Status CheckReceipt(const v1::DeliverDataResponse& reply, const Delivered& delivered);
  // Freshness is scored by it.
  absl::Status CheckArrival(const Delivered& delivered, std::int64_t captured_us);
  absl::Status CheckScore(const Delivered& delivered);

  ProvenLedger& ledger_;
  const Wallet& wallet_;
  const ledger::TaskId task_;
  std::optional<ledger::TaskTerms> terms_;
  std::optional<v1::TaskDescription> description_;
  std::optional<std::int32_t> promised_payable_micros_;
};

}  // namespace giot::client
