#include "client/deals/participant.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/deals/auditing.h"
#include "client/deals/task_board.h"
#include "client/settlement/transactions.h"
#include "models/quality/capture_signature.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::client {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(50);
constexpr std::int64_t kLeastWaitUs = 100'000;
constexpr std::int64_t kMostWaitUs = 1'000'000;

ledger::Seed FreshSeed() {
  std::random_device random;
  std::uniform_int_distribution<int> bytes(0, 255);
  ledger::Seed seed{};
  for (std::uint8_t& byte : seed) byte = static_cast<std::uint8_t>(bytes(random));
  return seed;
}

}  // namespace

Participant::Participant(ProvenLedger& ledger, const ledger::TaskId& task, Deal* deal)
    : ledger_(ledger),
      task_(task),
      deal_(deal),
      seed_(FreshSeed()),
      wallet_(ledger::SecretKey(seed_), ledger.chain_id()),
      session_(ledger, wallet_, task) {
  if (deal_ == nullptr) return;
  result_.conduct = deal_->conduct;
  deal_->delivery.request.mutable_capture()->set_source_id(wallet_.SourceId());
}

absl::Status Participant::Join(const Wallet& mint, std::int64_t funds_micros) {
  const absl::StatusOr<ledger::TaskTerms> terms = session_.Terms();
  if (!terms.ok()) return terms.status();
  const absl::StatusOr<int> item = deal_ == nullptr ? 0 : PlaceOf(deal_->item, terms->menu);
  if (!item.ok()) return item.status();
  result_.agreed = terms->menu[static_cast<std::size_t>(*item)].quality;
  result_.reward = terms->menu[static_cast<std::size_t>(*item)].reward;
  result_.deposit = terms->deposit;

  const absl::StatusOr<std::int64_t> now_us = ledger_.NowUs();
  if (!now_us.ok()) return now_us.status();
  const ledger::v1::Body deposit = DepositBody(wallet_.key(), funds_micros, "giot-vehicle");
  const auto funded = ledger_.PlaceSuccessfully(mint.Seal(deposit, *now_us));
  if (!funded.ok()) return funded.status();
  result_.funded = funds_micros;
  ++transactions_;
  const auto accepted = session_.Accept(*item);
  if (!accepted.ok()) return accepted.status();
  ++transactions_;
  return absl::OkStatus();
}

absl::Status Participant::SendFirst(SensingClient& sensing) {
  Stamp(quality::SecretKeyFrom(seed_), absl::ToUnixMicros(ledger_.clock().Now()), deal_->delivery);
  return sensing.ScoreSensingQuality(deal_->delivery.request).status();
}

absl::Status Participant::Deliver(SensingClient& sensing) {
  if (deal_ == nullptr) return absl::OkStatus();
  if (const auto description = session_.Description(); !description.ok()) return description.status();
  if (deal_->delivery.sent_before) {
    if (absl::Status status = SendFirst(sensing); !status.ok()) return status;
  }
  Stamp(quality::SecretKeyFrom(seed_), absl::ToUnixMicros(ledger_.clock().Now()), deal_->delivery);
  const absl::StatusOr<Delivered> delivered = session_.Deliver(deal_->delivery.request);
  const bool damaged = deal_->conduct == Conduct::kCorrupt && absl::IsInvalidArgument(delivered.status());
  if (damaged) return absl::OkStatus();
  if (!delivered.ok()) return delivered.status();
  result_.payable = delivered->payable_micros;
  score_ = delivered->score;
  absl::StatusOr<PlacedTransaction> submitted = session_.Submit(*delivered);
  if (!submitted.ok()) return submitted.status();
  ++transactions_;
  submit_receipt_ = std::move(submitted->receipt);
  return absl::OkStatus();
}

absl::StatusOr<ledger::AcceptanceStatus> Participant::AwaitScore() {
  const absl::StatusOr<ledger::Acceptance> outcome = session_.AwaitOutcome(kPatience, kPoll);
  if (!outcome.ok()) return outcome.status();
  return outcome->status;
}

absl::Status Participant::DisputeIfBelow(const LedgerFolder& folder, const quality::QualityModel& model) {
  if (!result_.payable) return absl::OkStatus();
  const absl::StatusOr<ledger::AcceptanceStatus> status = AwaitScore();
  if (!status.ok() || *status != ledger::AcceptanceStatus::kBelow) return status.status();
  const auto disputed = session_.Dispute();
  if (!disputed.ok()) return disputed.status();
  ++transactions_;
  const absl::StatusOr<int> votes = Audit(ledger_, folder, model, task_, wallet_.key());
  if (!votes.ok()) return votes.status();
  transactions_ += *votes;
  result_.disputed = true;
  return absl::OkStatus();
}

absl::Status Participant::AwaitEnd() {
  if (result_.payable && !result_.disputed) {
    if (const auto status = AwaitScore(); !status.ok()) return status.status();
  }
  for (;;) {
    const absl::StatusOr<ledger::Acceptance> acceptance = ledger_.ReadAcceptance(task_, wallet_.key());
    if (!acceptance.ok()) return acceptance.status();
    result_.status = acceptance->status;
    if (ledger::IsFinal(acceptance->status)) break;
    const absl::StatusOr<std::int64_t> now_us = ledger_.NowUs();
    if (!now_us.ok()) return now_us.status();
    if (*now_us > acceptance->deadline + absl::ToInt64Microseconds(kPatience)) {
      return absl::DeadlineExceededError(
          absl::StrCat("an acceptance was due at ", acceptance->deadline, " and is not settled at ", *now_us));
    }
    const std::int64_t wait_us = std::clamp(acceptance->deadline - *now_us, kLeastWaitUs, kMostWaitUs);
    ledger_.clock().Sleep(absl::Microseconds(wait_us));
  }
  const absl::StatusOr<ledger::AccountEntry> account = ledger_.ReadAccount(wallet_.key());
  if (!account.ok()) return account.status();
  result_.balance = account->balance;
  return absl::OkStatus();
}

}  // namespace giot::client
