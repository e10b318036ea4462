#include "server/settlement/publisher.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/transaction.h"
#include "server/settlement/entry_reader.h"
#include "server/settlement/fields.h"
#include "server/settlement/placing.h"

namespace giot::settlement {
namespace {

constexpr std::int64_t kMicro = 1'000'000;
constexpr std::int32_t kAllowanceMicros = 30'000;  // Where the request states none.
constexpr std::int64_t kMostSlots = 100'000;
constexpr std::size_t kMostRequestIdBytes = 64;
constexpr std::size_t kMostTextBytes = 1024;
// By how much this server's clock may have been set back.
constexpr std::int64_t kExpiryMarginUs = 60'000'000;

absl::Status CheckDegrees(absl::string_view field, double got, double most) {
  if (std::abs(got) <= most) return absl::OkStatus();  // Not so if it is no number.
  return BadField(field, got, absl::StrCat("degrees from -", most, " to ", most));
}

absl::Status CheckDescription(const v1::TaskDescription& description, const Scorer& scorer) {
  absl::Status status = CheckDegrees("description.latitude", description.latitude(), 90.0);
  status.Update(CheckDegrees("description.longitude", description.longitude(), 180.0));
  if (const std::size_t bytes = description.text().size(); bytes > kMostTextBytes) {
    status.Update(
        BadField("description.text", absl::StrCat(bytes, " bytes"), absl::StrCat("at most ", kMostTextBytes)));
  }
  if (!(description.radius_m() >= 0.0 && std::isfinite(description.radius_m()))) {
    status.Update(BadField("description.radius_m", description.radius_m(), "0 or more metres"));
  }
  const absl::Status requirements = scorer.fill_in(description.requirements()).status();
  if (!requirements.ok()) {
    status.Update(absl::InvalidArgumentError(absl::StrCat("description.", requirements.message())));
  }
  return status;
}

absl::Status CheckTimes(const v1::PublishTaskRequest& request, const ledger::Parameters& parameters) {
  absl::Status status = CheckRange("accept_for_us", request.accept_for_us(), 1, parameters.max_task);
  status.Update(CheckRange("submit_for_us", request.submit_for_us(), 1, parameters.max_task));
  status.Update(
      CheckRange("score_for_us", request.score_for_us(), parameters.availability_grace + 1, parameters.max_task));
  if (!status.ok()) return status;
  const std::int64_t whole = request.accept_for_us() + request.submit_for_us() + request.score_for_us();
  return CheckRange("accept_for_us + submit_for_us + score_for_us", whole, 1, parameters.max_task);
}

absl::Status CheckNumbers(const v1::PublishTaskRequest& request) {
  absl::Status status = CheckRange("slots", request.slots(), 1, kMostSlots);
  status.Update(CheckRange("deposit_micros", request.deposit_micros(), 0, ledger::kMostAmountMicros));
  status.Update(CheckRange("delta_micros", request.delta_micros(), 0, kMicro));
  status.Update(CheckRange("allowance_micros", request.allowance_micros(), 0, kMicro));
  status.Update(CheckRange("min_reputation_micros", request.min_reputation_micros(), 0, kMicro));
  const std::size_t bytes = request.request_id().size();
  if (bytes < 1 || bytes > kMostRequestIdBytes) {
    status.Update(BadField("request_id", absl::StrCat(bytes, " bytes"), absl::StrCat("1 to ", kMostRequestIdBytes)));
  }
  return status;
}

absl::StatusOr<ledger::Placed> Accepted(ledger::Placed placed) {
  if (placed.code == ledger::v1::CODE_OK) return placed;
  return absl::FailedPreconditionError(absl::StrCat(ledger::v1::Code_Name(placed.code), ": the ledger refused task ",
                                                    ledger::HexOf(ledger::BytesOf(placed.id))));
}

std::int64_t ExpiryOf(const std::string& envelope) {
  ledger::v1::Body body;
  body.ParseFromString(envelope.substr(sizeof(ledger::Signature)));
  return body.expires_us();
}

bool Same(const ledger::TaskItem& one, const ledger::TaskItem& other) {
  return one.quality == other.quality && one.reward == other.reward && one.update_rate == other.update_rate;
}

}  // namespace

absl::StatusOr<std::vector<ledger::TaskItem>> TaskMenu(const v1::GenerateContractResponse& contract) {
  std::vector<ledger::TaskItem> menu;
  for (const v1::ContractItem& item : contract.menu()) {
    if (item.quality_micros() <= 0 || item.reward_micros() <= 0) continue;
    const ledger::TaskItem next{static_cast<std::uint32_t>(item.quality_micros()), item.reward_micros(),
                                static_cast<std::uint32_t>(item.update_rate_micros())};
    if (std::none_of(menu.begin(), menu.end(), [&](const auto& before) { return Same(before, next); })) {
      menu.push_back(next);
    }
  }
  if (menu.empty()) return absl::FailedPreconditionError("contract: no item of the menu asks and pays anything");
  if (menu.size() > ledger::kMostItems) {
    return absl::FailedPreconditionError(
        absl::StrCat("contract: got ", menu.size(), " different items, want at most ", ledger::kMostItems));
  }
  return menu;
}

absl::Status Publisher::Check(const v1::PublishTaskRequest& request) const {
  if (!scorer_.ok()) return absl::FailedPreconditionError(scorer_.status().message());
  if (absl::Status status = CheckNumbers(request); !status.ok()) return status;
  if (absl::Status status = CheckDescription(request.description(), *scorer_); !status.ok()) return status;
  const auto parameters = ReadEntry<ledger::Parameters>(driver_, ledger::ParametersKey());
  if (!parameters.ok()) return parameters.status();
  if (!*parameters) return absl::FailedPreconditionError("ledger: it has no Genesis yet");
  if (absl::Status status = CheckTimes(request, **parameters); !status.ok()) return status;
  return seat_.Account().status();
}

std::int64_t Publisher::LeastNextBlockTimeUs() const {
  const std::int64_t last_us = driver_.BlockTimeUs();
  return clock_ == BlockClock::kThisServers ? std::max(last_us, now_us_() - kExpiryMarginUs) : last_us;
}

absl::StatusOr<std::optional<ledger::Placed>> Publisher::Earlier(const std::string& request_id) {
  const engine::MutexLock lock(&publishing_);
  return EarlierLocked(request_id);
}

absl::StatusOr<std::optional<ledger::Placed>> Publisher::EarlierLocked(const std::string& request_id) {
  const std::optional<Publication> publication = files_.Find(request_id);
  if (!publication) return std::nullopt;
  const std::int64_t next_block_us = LeastNextBlockTimeUs();  // First: what is placed by then, Find finds.
  absl::StatusOr<ledger::Placed> placed = driver_.Find(ledger::TransactionId(publication->envelope));
  if (absl::IsNotFound(placed.status())) {
    const std::int64_t expires_us = ExpiryOf(publication->envelope);
    if (next_block_us > expires_us) return std::nullopt;
    if (now_us_() > expires_us) {
      return absl::AbortedError(
          "request_id: the transaction of an earlier call has expired, but no block is known to be later than its "
          "expiry: repeat the call in a minute");
    }
    placed = Place(driver_, publication->envelope);
  }
  if (!placed.ok()) return placed.status();
  placed->repeated = true;
  placed = Accepted(*std::move(placed));
  if (!placed.ok()) return placed.status();
  return *std::move(placed);
}

ledger::v1::Body Publisher::BodyOf(const v1::PublishTaskRequest& request,
                                   const std::vector<ledger::TaskItem>& menu) const {
  ledger::v1::Body body;
  ledger::v1::PublishTask& task = *body.mutable_publish_task();
  for (const ledger::TaskItem& from : menu) {
    ledger::v1::Item& item = *task.add_menu();
    item.set_quality_micros(static_cast<std::int32_t>(from.quality));
    item.set_reward_micros(from.reward);
    item.set_update_rate_micros(static_cast<std::int32_t>(from.update_rate));
  }
  task.set_slots(request.slots());
  task.set_accept_by_us(std::max(now_us_(), driver_.BlockTimeUs()) + request.accept_for_us());
  task.set_submit_by_us(task.accept_by_us() + request.submit_for_us());
  task.set_score_by_us(task.submit_by_us() + request.score_for_us());
  task.set_deposit_micros(request.deposit_micros());
  const std::int64_t delta = std::min(kMicro, std::int64_t{scorer_->margin_micros} + kAllowanceMicros);
  task.set_delta_micros(request.has_delta_micros() ? request.delta_micros() : static_cast<std::int32_t>(delta));
  task.set_allowance_micros(request.has_allowance_micros() ? request.allowance_micros() : kAllowanceMicros);
  task.set_min_reputation_micros(request.min_reputation_micros());
  task.set_scorer_digest(std::string(ledger::BytesOf(scorer_->model)));
  task.set_nonce_commitment(std::string(ledger::BytesOf(scorer_->nonce_commitment)));
  return body;
}

absl::StatusOr<ledger::Placed> Publisher::Publish(const v1::PublishTaskRequest& request,
                                                  const v1::GenerateContractResponse& contract) {
  const absl::StatusOr<std::vector<ledger::TaskItem>> menu = TaskMenu(contract);
  if (!menu.ok()) return menu.status();
  const engine::MutexLock lock(&publishing_);
  absl::StatusOr<std::optional<ledger::Placed>> earlier = EarlierLocked(request.request_id());
  if (!earlier.ok()) return earlier.status();
  if (*earlier) return **earlier;

  Publication publication{.request_id = request.request_id(), .envelope = {}, .description = request.description()};
  publication.description.DiscardUnknownFields();
  ledger::v1::Body body = BodyOf(request, *menu);
  body.mutable_publish_task()->set_description_digest(
      std::string(ledger::BytesOf(ledger::Sha256({ledger::CanonicalBytes(publication.description)}))));
  publication.envelope = seat_.Seal(std::move(body));
  if (absl::Status durable = files_.Put(publication); !durable.ok()) return durable;
  absl::StatusOr<ledger::Placed> placed = Place(driver_, publication.envelope);
  if (!placed.ok()) return placed.status();
  return Accepted(*std::move(placed));
}

}  // namespace giot::settlement
