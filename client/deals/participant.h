#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/deal.h"
#include "client/deals/deal_tally.h"
#include "client/deals/ledger_folder.h"
#include "client/sensing_client.h"
#include "client/settlement/proven_ledger.h"
#include "client/settlement/vehicle_session.h"
#include "client/settlement/wallet.h"
#include "giot/v1/sensing_quality.pb.h"
#include "models/quality/quality_model.h"
#include "server/ledger/state/entries.h"

namespace giot::client {

// A vehicle with a fresh key in one task of the ledger: joins, delivers, awaits its end, in this order. What the server
// says is believed where it is proved. One thread at a time. Errors of all: those of the server, of ProvenLedger and of
// VehicleSession.
class Participant {
 public:
  // Everything that is borrowed here outlives it. `deal` is null for an absentee, which delivers nothing.
  Participant(ProvenLedger& ledger, const ledger::TaskId& task, Deal* deal);
  Participant(const Participant&) = delete;
  Participant& operator=(const Participant&) = delete;

  // Gets `funds_micros` from the mint and accepts the item agreed on; an absentee, the first of the menu.
  absl::Status Join(const Wallet& mint, std::int64_t funds_micros);

  // Delivers as its conduct is, and submits. A replay is sent to `sensing` first. Data that the server refuses is no
  // error of a vehicle whose bytes are damaged.
  absl::Status Deliver(SensingClient& sensing);

  // Waits for its score, and has auditors judge it if that does not pay.
  absl::Status DisputeIfBelow(const LedgerFolder& folder, const quality::QualityModel& model);

  // Waits until its acceptance is final, at most kPatience beyond each deadline of it, and reads its balance.
  absl::Status AwaitEnd();

  const DealResult& result() const { return result_; }
  const std::optional<v1::SensingQualityScore>& score() const { return score_; }
  std::int64_t transactions() const { return transactions_; }  // For it, each with a verified receipt.
  // Of what it submitted; empty if it submitted nothing.
  const std::string& submit_receipt() const { return submit_receipt_; }

  static constexpr absl::Duration kPatience = absl::Seconds(30);

 private:
  absl::Status SendFirst(SensingClient& sensing);
  // Of what it submitted; DataLoss if it is not as at delivery.
  absl::StatusOr<ledger::AcceptanceStatus> AwaitScore();

  ProvenLedger& ledger_;
  const ledger::TaskId task_;
  Deal* const deal_;
  const ledger::Seed seed_;
  const Wallet wallet_;
  VehicleSession session_;
  DealResult result_;
  std::optional<v1::SensingQualityScore> score_;
  std::int64_t transactions_ = 0;
  std::string submit_receipt_;
};

}  // namespace giot::client
