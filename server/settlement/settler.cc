#include "server/settlement/settler.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/state/delivery.h"
#include "server/settlement/delivery_evidence.h"
#include "server/settlement/entry_reader.h"
#include "server/settlement/placing.h"

namespace giot::settlement {
namespace {

constexpr std::size_t kIdBytes = 32;
constexpr std::int64_t kKeptAfterExpiryUs = 86'400'000'000;

template <typename Bytes>
std::string Text(const Bytes& bytes) {
  return std::string(ledger::BytesOf(bytes));
}

std::string Hex(std::string_view bytes) { return ledger::HexOf(bytes); }

ledger::TaskId TaskOf(std::string_view key) {
  ledger::TaskId task{};
  ledger::FromBytes(key.substr(1, kIdBytes), task);
  return task;
}

AcceptanceId AcceptanceOf(std::string_view key) {
  AcceptanceId id{.task = TaskOf(key)};
  ledger::FromBytes(key.substr(1 + kIdBytes), id.vehicle);
  return id;
}

ledger::v1::Body Settle(const ledger::TaskId& task, const ledger::PublicKey* vehicle) {
  ledger::v1::Body body;
  body.mutable_settle()->set_task(Text(task));
  if (vehicle != nullptr) body.mutable_settle()->set_vehicle(Text(*vehicle));
  return body;
}

ledger::v1::Body ScoreOf(const AcceptanceId& id, const std::string& evidence_bytes,
                         const v1::DeliveryEvidence& evidence, const ledger::TaskTerms& terms) {
  const std::string& nonce = evidence.score().nonce();
  ledger::v1::Body body;
  ledger::v1::Score& score = *body.mutable_score();
  score.set_task(Text(id.task));
  score.set_vehicle(Text(id.vehicle));
  score.set_payable_micros(PayableOf(evidence, terms));
  // Of a recording or a report all is looked at: there is no nonce.
  score.set_nonce(nonce.empty() ? Text(ledger::Digest{}) : nonce);
  score.set_evidence_digest(Text(ledger::Sha256({evidence_bytes})));
  return body;
}

// When what is published with the envelope can no longer be on the ledger, placed or not.
std::int64_t EndOfPublished(const std::string& envelope, const ledger::Parameters& parameters) {
  ledger::v1::Body body;
  body.ParseFromString(envelope.substr(sizeof(ledger::Signature)));
  ledger::TaskTerms terms;
  terms.score_by = body.publish_task().score_by_us();
  return std::max(ledger::EndOf(terms, parameters), body.expires_us() + kKeptAfterExpiryUs);
}

}  // namespace

struct Settler::Meeting {
  // nullopt if there is none of the task.
  absl::StatusOr<std::optional<ledger::TaskTerms>> Terms(const ledger::TaskId& task) {
    if (const auto known = terms.find(task); known != terms.end()) return known->second;
    absl::StatusOr<std::optional<ledger::TaskTerms>> read =
        ReadEntry<ledger::TaskTerms>(driver, ledger::TermsKey(task));
    if (read.ok()) terms.emplace(task, *read);
    return read;
  }
  // Whether this server's operator published a task with these terms, and can act.
  bool IsOurs(const std::optional<ledger::TaskTerms>& of) const {
    return account && of && of->operator_account == *account;
  }

  ledger::Driver& driver;
  std::int64_t now_us = 0;
  // Of a block no later than what is read: a ledger that is replayed, or an older copy, has an earlier one than the
  // clock, and entries that are missing may yet come.
  std::int64_t block_time_us = 0;
  ledger::Parameters parameters{};
  std::optional<ledger::Account> account{};  // That the operator's key signs for, if any.
  std::map<ledger::TaskId, std::optional<ledger::TaskTerms>> terms{};
  std::vector<Planned> planned{};
  bool more = false;
};

void Settler::Note(const AcceptanceId& id) {
  const engine::MutexLock lock(&mutex_);
  // What finds no room is met in its turn.
  if (noted_.size() < kMostNoted) noted_.push_back(id);
}

std::vector<AcceptanceId> Settler::TakeNoted() {
  const engine::MutexLock lock(&mutex_);
  std::vector<AcceptanceId> ids;
  while (!noted_.empty() && std::cmp_less(ids.size(), kMostPlaced)) {
    ids.push_back(noted_.front());
    noted_.pop_front();
  }
  return ids;
}

absl::StatusOr<bool> Settler::Tick() {
  const std::int64_t block_time_us = driver_.BlockTimeUs();
  Meeting meeting{.driver = driver_, .now_us = std::max(now_us_(), block_time_us), .block_time_us = block_time_us};
  const auto parameters = ReadEntry<ledger::Parameters>(driver_, ledger::ParametersKey());
  if (!parameters.ok()) return parameters.status();
  if (!*parameters) return false;  // No Genesis yet.
  meeting.parameters = **parameters;
  const absl::StatusOr<ledger::Account> account = seat_.Account();
  if (account.ok()) meeting.account = *account;
  if (!account.ok() && !absl::IsFailedPrecondition(account.status())) return account.status();

  const std::vector<AcceptanceId> noted = TakeNoted();
  meeting.more = std::cmp_equal(noted.size(), kMostPlaced);
  for (const AcceptanceId& id : noted) {
    if (absl::Status status = LookAtDelivery(id, meeting); !status.ok()) return status;
  }
  absl::Status status = LookAtDeliveries(meeting);
  if (status.ok()) status = LookAtAcceptances(meeting);
  if (status.ok()) status = LookAtTasks(meeting);
  if (status.ok()) status = LookAtTaskFiles(meeting);
  if (status.ok()) status = PlacePlanned(meeting);
  if (!status.ok()) return status;
  return meeting.more;
}

absl::Status Settler::LookAtDeliveries(Meeting& meeting) {
  const std::vector<AcceptanceId> ids = evidence_.After(last_delivery_, kMostLookedAt);
  for (const AcceptanceId& id : ids) {
    if (absl::Status status = LookAtDelivery(id, meeting); !status.ok()) return status;
  }
  last_delivery_ = std::cmp_equal(ids.size(), kMostLookedAt) ? std::optional(ids.back()) : std::nullopt;
  return absl::OkStatus();
}

absl::Status Settler::LookAtDelivery(const AcceptanceId& id, Meeting& meeting) {
  if (!evidence_.Has(id)) return absl::OkStatus();
  const auto acceptance = ReadEntry<ledger::Acceptance>(driver_, ledger::AcceptanceKey(id.task, id.vehicle));
  if (!acceptance.ok()) return acceptance.status();
  const absl::StatusOr<std::optional<ledger::TaskTerms>> terms = meeting.Terms(id.task);
  if (!terms.ok()) return terms.status();
  if (*acceptance && !ledger::IsFinal((*acceptance)->status)) {
    const bool to_score = (*acceptance)->status == ledger::AcceptanceStatus::kSubmitted && meeting.IsOurs(*terms) &&
                          meeting.now_us <= (*terms)->score_by;
    return to_score ? Score(id, **acceptance, **terms, meeting) : absl::OkStatus();
  }
  if (!*acceptance && !IsOver(id.task, *terms, meeting)) return absl::OkStatus();
  const absl::Status erased = evidence_.Erase(id);
  if (!erased.ok()) spdlog::error("event=evidence_not_erased error=\"{}\"", absl::CEscape(erased.ToString()));
  return absl::OkStatus();
}

bool Settler::IsOver(const ledger::TaskId& task, const std::optional<ledger::TaskTerms>& terms,
                     const Meeting& meeting) const {
  if (terms) return meeting.block_time_us > ledger::EndOf(*terms, meeting.parameters);
  const std::optional<std::string> envelope = tasks_.Envelope(task);
  return envelope && meeting.block_time_us > EndOfPublished(*envelope, meeting.parameters);
}

bool Settler::HasEvidenceOf(const ledger::TaskId& task) const {
  const std::vector<AcceptanceId> next = evidence_.After(AcceptanceId{.task = task}, 1);
  return !next.empty() && next.front().task == task;
}

absl::Status Settler::Score(const AcceptanceId& id, const ledger::Acceptance& acceptance,
                            const ledger::TaskTerms& terms, Meeting& meeting) {
  std::string entry = ledger::AcceptanceKey(id.task, id.vehicle);
  if (!MayTry(entry, meeting)) return absl::OkStatus();
  const absl::StatusOr<std::string> bytes = evidence_.Find(id);
  absl::StatusOr<v1::DeliveryEvidence> evidence =
      bytes.ok() ? ParseEvidence(*bytes) : absl::StatusOr<v1::DeliveryEvidence>(bytes.status());
  if (evidence.ok() && DataDigestOf(*evidence) != acceptance.data) {
    evidence = absl::FailedPreconditionError("evidence: it is of other data than auditors vouched for");
  }
  if (!evidence.ok()) {
    spdlog::error("event=not_scored task={} vehicle={} error=\"{}\"", Hex(ledger::BytesOf(id.task)),
                  Hex(ledger::BytesOf(id.vehicle)), absl::CEscape(evidence.status().ToString()));
    not_before_[entry] = meeting.now_us + kRetryUs;
    return absl::OkStatus();
  }
  Plan(meeting, std::move(entry), ScoreOf(id, *bytes, *evidence, terms));
  return absl::OkStatus();
}

absl::Status Settler::LookAtAcceptances(Meeting& meeting) {
  if (!meeting.account) return absl::OkStatus();
  const auto entries = driver_.Scan("a", next_acceptance_, kMostLookedAt);
  if (!entries.ok()) return entries.status();
  for (const auto& [key, value] : *entries) {
    const absl::StatusOr<ledger::Acceptance> acceptance = EntryFrom<ledger::Acceptance>(key, value);
    if (!acceptance.ok()) return acceptance.status();
    const AcceptanceId id = AcceptanceOf(key);
    const absl::StatusOr<std::optional<ledger::TaskTerms>> terms = meeting.Terms(id.task);
    if (!terms.ok()) return terms.status();
    if (!meeting.IsOurs(*terms)) continue;
    const std::int64_t until =
        ledger::IsFinal(acceptance->status) ? ledger::EndOf(**terms, meeting.parameters) : acceptance->deadline;
    if (meeting.now_us > until) Plan(meeting, key, Settle(id.task, &id.vehicle));
  }
  next_acceptance_ = std::cmp_equal(entries->size(), kMostLookedAt) ? entries->back().first + '\0' : "a";
  return absl::OkStatus();
}

absl::Status Settler::LookAtTasks(Meeting& meeting) {
  if (!meeting.account) return absl::OkStatus();
  const auto entries = driver_.Scan("u", next_task_, kMostLookedAt);
  if (!entries.ok()) return entries.status();
  for (const auto& [key, value] : *entries) {
    const absl::StatusOr<ledger::TaskFunds> funds = EntryFrom<ledger::TaskFunds>(key, value);
    if (!funds.ok()) return funds.status();
    const ledger::TaskId task = TaskOf(key);
    const absl::StatusOr<std::optional<ledger::TaskTerms>> terms = meeting.Terms(task);
    if (!terms.ok()) return terms.status();
    if (!meeting.IsOurs(*terms)) continue;
    const bool open = funds->status == ledger::TaskStatus::kOpen;
    const std::int64_t until = open ? (*terms)->accept_by : ledger::EndOf(**terms, meeting.parameters);
    if (meeting.now_us > until && (open || funds->acceptances == 0)) Plan(meeting, key, Settle(task, nullptr));
  }
  next_task_ = std::cmp_equal(entries->size(), kMostLookedAt) ? entries->back().first + '\0' : "u";
  return absl::OkStatus();
}

absl::Status Settler::LookAtTaskFiles(Meeting& meeting) {
  const std::vector<ledger::TaskId> tasks = tasks_.After(last_task_file_, kMostLookedAt);
  for (const ledger::TaskId& task : tasks) {
    const absl::StatusOr<std::optional<ledger::TaskTerms>> terms = meeting.Terms(task);
    if (!terms.ok()) return terms.status();
    // The evidence's end is known by the file alone.
    if (*terms || !IsOver(task, *terms, meeting) || HasEvidenceOf(task)) continue;
    const absl::Status erased = tasks_.Erase(task);
    if (!erased.ok()) spdlog::error("event=task_file_not_erased error=\"{}\"", absl::CEscape(erased.ToString()));
  }
  last_task_file_ = std::cmp_equal(tasks.size(), kMostLookedAt) ? std::optional(tasks.back()) : std::nullopt;
  return absl::OkStatus();
}

bool Settler::MayTry(const std::string& entry, const Meeting& meeting) const {
  const auto refused = not_before_.find(entry);
  return refused == not_before_.end() || meeting.now_us >= refused->second;
}

void Settler::Plan(Meeting& meeting, std::string entry, ledger::v1::Body body) {
  if (!MayTry(entry, meeting)) return;
  const bool planned = std::any_of(meeting.planned.begin(), meeting.planned.end(),
                                   [&](const Planned& other) { return other.entry == entry; });
  if (planned) return;
  if (std::cmp_equal(meeting.planned.size(), kMostPlaced)) {
    meeting.more = true;
    return;
  }
  meeting.planned.push_back({std::move(entry), std::move(body)});
}

absl::Status Settler::PlacePlanned(Meeting& meeting) {
  std::vector<std::string> envelopes;
  envelopes.reserve(meeting.planned.size());
  for (const Planned& planned : meeting.planned) envelopes.push_back(seat_.Seal(planned.body));
  const std::vector<absl::StatusOr<ledger::Placed>> placed = Place(driver_, std::move(envelopes));
  std::erase_if(not_before_, [&](const auto& refused) { return meeting.now_us >= refused.second; });
  for (std::size_t i = 0; i < placed.size(); ++i) {
    const Planned& planned = meeting.planned[i];
    const char* const what = planned.body.has_score() ? "score" : "settle";
    if (!placed[i].ok()) {
      spdlog::error("event={}_failed entry={} error=\"{}\"", what, Hex(planned.entry),
                    absl::CEscape(placed[i].status().ToString()));
    } else if (placed[i]->code != ledger::v1::CODE_OK) {
      spdlog::warn("event={}_refused entry={} code={}", what, Hex(planned.entry),
                   ledger::v1::Code_Name(placed[i]->code));
    } else {
      continue;
    }
    not_before_[planned.entry] = meeting.now_us + kRetryUs;
  }
  return absl::OkStatus();
}

}  // namespace giot::settlement
