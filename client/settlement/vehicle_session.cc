#include "client/settlement/vehicle_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/settlement/data_digest.h"
#include "client/settlement/transactions.h"
#include "server/ledger/proof/payable.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/transaction.h"

namespace giot::client {
namespace {

std::string Bytes(const ledger::Digest& digest) { return std::string(ledger::BytesOf(digest)); }

absl::Status Forged(std::string_view field, const absl::AlphaNum& got, const absl::AlphaNum& wanted) {
  return absl::DataLossError(
      absl::StrCat("the server's ", std::string(field), ": got ", got.Piece(), ", want ", wanted.Piece()));
}

// As proto/giot/v1/sensing_quality.proto has the defaults.
v1::SensingRequirements WithDefaults(v1::SensingRequirements requirements) {
  if (requirements.width() == 0) requirements.set_width(1280);
  if (requirements.height() == 0) requirements.set_height(720);
  if (!requirements.has_fresh_for_s()) requirements.set_fresh_for_s(1.0);
  if (!requirements.has_age_scale_s()) requirements.set_age_scale_s(5.0);
  return requirements;
}

// By which the server's clock and this machine's may differ.
constexpr std::int64_t kClockSkewUs = 5'000'000;

bool IsKnown(ledger::AcceptanceStatus status) {
  return status == ledger::AcceptanceStatus::kBelow || ledger::IsFinal(status);
}

}  // namespace

VehicleSession::VehicleSession(ProvenLedger& ledger, const Wallet& wallet, const ledger::TaskId& task)
    : ledger_(ledger), wallet_(wallet), task_(task) {}

absl::StatusOr<ledger::TaskTerms> VehicleSession::Terms() {
  if (terms_) return *terms_;
  absl::StatusOr<ledger::TaskTerms> terms = ledger_.ReadTerms(task_);
  if (terms.ok()) terms_ = *terms;
  return terms;
}

absl::StatusOr<v1::TaskDescription> VehicleSession::Description() {
  if (description_) return *description_;
  absl::StatusOr<v1::TaskDescription> description = ledger_.ReadDescription(task_);
  if (description.ok()) description_ = *description;
  return description;
}

absl::StatusOr<PlacedTransaction> VehicleSession::Accept(int item) {
  const absl::StatusOr<ledger::TaskTerms> terms = Terms();
  if (!terms.ok()) return terms.status();
  return Place(AcceptBody(task_, item, ledger::MenuDigest(terms->menu)));
}

absl::StatusOr<Delivered> VehicleSession::Deliver(v1::ScoreSensingQualityRequest data) {
  if (const auto terms = Terms(); !terms.ok()) return terms.status();
  const absl::StatusOr<ledger::Digest> sha256 = DataSha256(data);
  if (!sha256.ok()) return sha256.status();
  Delivered delivered;
  delivered.data_sha256 = *sha256;
  const ledger::Digest salt = wallet_.SaltFor(task_, *sha256);
  delivered.data_digest = ledger::DataDigest(salt, *sha256);

  v1::DeliverDataRequest request;
  const std::int64_t captured_us = data.capture().captured_at_us();
  request.set_task(Bytes(task_));
  request.set_vehicle(Bytes(wallet_.key()));
  wallet_.SignCapture(*sha256, *data.mutable_capture());
  data.clear_requirements();
  *request.mutable_data() = std::move(data);
  request.set_salt(Bytes(salt));
  request.set_signature(std::string(ledger::BytesOf(wallet_.SignDelivery(task_, delivered.data_digest))));
  absl::StatusOr<v1::DeliverDataResponse> reply = ledger_.client().DeliverData(request);
  if (!reply.ok()) return reply.status();

  delivered.receipt.set_operator_key(reply->operator_key());
  delivered.receipt.set_received_us(reply->received_us());
  delivered.receipt.set_signature(reply->receipt_signature());
  delivered.payable_micros = reply->payable_micros();
  if (absl::Status status = CheckReceipt(*reply, delivered); !status.ok()) return status;
  delivered.score = std::move(*reply->mutable_score());
  if (absl::Status status = CheckArrival(delivered, captured_us); !status.ok()) return status;
  if (absl::Status status = CheckScore(delivered); !status.ok()) return status;
  promised_payable_micros_ = delivered.payable_micros;
  return delivered;
}

absl::StatusOr<PlacedTransaction> VehicleSession::Submit(const Delivered& delivered) {
  return Place(SubmitBody(task_, delivered.data_digest, delivered.receipt));
}

absl::StatusOr<ledger::Acceptance> VehicleSession::AwaitOutcome(absl::Duration most, absl::Duration poll) {
  const absl::Time deadline = ledger_.clock().Now() + most;
  for (;;) {
    absl::StatusOr<ledger::Acceptance> acceptance = ledger_.ReadAcceptance(task_, wallet_.key());
    if (!acceptance.ok()) return acceptance;
    if (IsKnown(acceptance->status)) {
      const bool is_scored = acceptance->evidence != ledger::Digest{};
      if (is_scored && promised_payable_micros_ && std::int64_t{acceptance->payable} != *promised_payable_micros_) {
        return Forged("score", acceptance->payable,
                      absl::StrCat(*promised_payable_micros_, ", as it said at delivery"));
      }
      return acceptance;
    }
    if (ledger_.clock().Now() + poll > deadline) {
      return absl::DeadlineExceededError(absl::StrCat("no outcome within ", absl::FormatDuration(most)));
    }
    ledger_.clock().Sleep(poll);
  }
}

absl::StatusOr<PlacedTransaction> VehicleSession::Dispute() { return Place(DisputeBody(task_)); }

absl::StatusOr<PlacedTransaction> VehicleSession::Settle() { return Place(SettleBody(task_, wallet_.key())); }

absl::StatusOr<PlacedTransaction> VehicleSession::Place(ledger::v1::Body body) {
  const absl::StatusOr<std::int64_t> now_us = ledger_.NowUs();
  if (!now_us.ok()) return now_us.status();
  return ledger_.PlaceSuccessfully(wallet_.Seal(std::move(body), *now_us));
}

absl::Status VehicleSession::CheckReceipt(const v1::DeliverDataResponse& reply, const Delivered& delivered) {
  if (reply.data_digest() != ledger::BytesOf(delivered.data_digest)) {
    return Forged("data_digest", ledger::HexOf(reply.data_digest()),
                  ledger::HexOf(ledger::BytesOf(delivered.data_digest)));
  }
  const absl::StatusOr<ledger::OperatorEntry> known = ledger_.ReadOperator(terms_->operator_account);
  if (!known.ok()) return known.status();
  if (reply.operator_key() != ledger::BytesOf(known->key)) {
    return Forged("operator_key", ledger::HexOf(reply.operator_key()), ledger::HexOf(ledger::BytesOf(known->key)));
  }
  ledger::Signature signature{};
  const std::string statement =
      ledger::ReceiptStatement(ledger_.chain_id(), task_, wallet_.key(), delivered.data_digest, reply.received_us());
  if (!ledger::FromBytes(reply.receipt_signature(), signature) || !ledger::Verify(known->key, statement, signature)) {
    return Forged("receipt_signature", "one that does not verify", "the operator's, of the statement of receipt");
  }
  return absl::OkStatus();
}

absl::Status VehicleSession::CheckArrival(const Delivered& delivered, std::int64_t captured_us) {
  const std::int64_t received_us = delivered.receipt.received_us();
  const std::int64_t earliest_us = std::max(captured_us, kClockSkewUs) - kClockSkewUs;
  const std::int64_t latest_us = absl::ToUnixMicros(ledger_.clock().Now()) + kClockSkewUs;
  if (received_us < earliest_us || received_us > latest_us) {
    return Forged("received_us", received_us,
                  absl::StrCat(earliest_us, " to ", latest_us, ", between the capture and now, give or take 5 s"));
  }
  if (delivered.score.received_at_us() != received_us) {
    return Forged("score.received_at_us", delivered.score.received_at_us(),
                  absl::StrCat(received_us, ", as the receipt has it"));
  }
  return absl::OkStatus();
}

absl::Status VehicleSession::CheckScore(const Delivered& delivered) {
  const v1::SensingQualityScore& score = delivered.score;
  if (score.data_sha256() != ledger::BytesOf(delivered.data_sha256)) {
    return Forged("score.data_sha256", ledger::HexOf(score.data_sha256()),
                  ledger::HexOf(ledger::BytesOf(delivered.data_sha256)));
  }
  const std::string scorer = ledger::HexOf(ledger::BytesOf(terms_->scorer));
  if (score.has_model() && score.model().digest() != scorer) {
    return Forged("score.model", score.model().digest(), absl::StrCat(scorer, ", the task's"));
  }
  if (!score.nonce().empty() && score.nonce_commitment() != ledger::BytesOf(terms_->nonce_commitment)) {
    return Forged("score.nonce_commitment", ledger::HexOf(score.nonce_commitment()),
                  absl::StrCat(ledger::HexOf(ledger::BytesOf(terms_->nonce_commitment)), ", the task's"));
  }
  if (description_) {
    const std::string wanted = ledger::CanonicalBytes(WithDefaults(description_->requirements()));
    if (ledger::CanonicalBytes(score.requirements()) != wanted) {
      return Forged("score.requirements", score.requirements().ShortDebugString(), "the task's");
    }
  }
  const std::int32_t payable =
      ledger::PayableMicros(score.quality(), score.quality_lower(), static_cast<std::int32_t>(terms_->delta),
                            static_cast<std::int32_t>(terms_->allowance));
  if (delivered.payable_micros != payable) {
    return Forged("payable_micros", delivered.payable_micros, absl::StrCat(payable, ", by the task's rule"));
  }
  return absl::OkStatus();
}

}  // namespace giot::client
