#include "server/settlement/deliveries.h"

#include <sodium.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/transaction.h"
#include "server/settlement/delivery_evidence.h"
#include "server/settlement/entry_reader.h"
#include "server/settlement/fields.h"

namespace giot::settlement {
namespace {

// Of evidence, all that is not the data of the request: the score has neither heat map nor anything else of its size.
constexpr std::int64_t kMostOtherBytes = 16 << 10;

std::string Hex(std::string_view bytes) { return ledger::HexOf(bytes); }

std::string InWords(const v1::SensingRequirements& requirements) {
  return absl::StrCat(requirements.width(), " x ", requirements.height(), ", fresh for ", requirements.fresh_for_s(),
                      " s, age scale ", requirements.age_scale_s(), " s");
}

std::string RandomSalt() {
  ledger::Digest salt;
  randombytes_buf(salt.data(), salt.size());
  return std::string(ledger::BytesOf(salt));
}

// What a score depends on is the vehicle's word: its own signature covers it.
absl::Status CheckCapture(const v1::Capture& capture, const ledger::PublicKey& vehicle) {
  const std::string_view key = ledger::BytesOf(vehicle);
  if (capture.source_id() != Hex(key)) {
    return BadField("data.capture.source_id", absl::StrCat("'", capture.source_id(), "'"),
                    absl::StrCat("the vehicle's key, ", Hex(key)));
  }
  if (capture.public_key() != key) {
    return BadField("data.capture.public_key", absl::StrCat("'", Hex(capture.public_key()), "'"),
                    absl::StrCat("the vehicle's, ", Hex(key)));
  }
  return absl::OkStatus();
}

absl::Status CheckData(const v1::ScoreSensingQualityRequest& data, const ledger::PublicKey& vehicle) {
  if (const std::size_t bytes = data.reference_image().size(); bytes > 0) {
    return BadField("data.reference_image", absl::StrCat(bytes, " bytes"), "none");
  }
  if (data.heat_map()) return BadField("data.heat_map", "true", "false");
  return CheckCapture(data.capture(), vehicle);
}

absl::Status InData(const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return status;
  return absl::InvalidArgumentError(absl::StrCat("data.", status.message()));
}

}  // namespace

// One DeliverData on its way.
struct Deliveries::Call {
  const v1::DeliverDataRequest& request;
  AcceptanceId id{};
  ledger::Digest salt{};
  ledger::Digest digest{};  // Of the data, salted.
  v1::ScoreSensingQualityRequest data{};
  ledger::Acceptance acceptance{};
  ledger::TaskTerms terms{};
  bool holds_place = false;  // In delivering_.
  bool holds_room = false;   // In the evidence store.
};

Deliveries::Deliveries(ledger::Driver& driver, const OperatorSeat& seat, const TaskFiles& tasks,
                       EvidenceStore& evidence, const absl::StatusOr<Scorer>& scorer, Run run,
                       std::function<std::int64_t()> now_us)
    : driver_(driver),
      seat_(seat),
      tasks_(tasks),
      evidence_(evidence),
      scorer_(scorer),
      run_(std::move(run)),
      now_us_(std::move(now_us)) {}

void Deliveries::Deliver(const v1::DeliverDataRequest& request, Scorer::Wanted wanted, Done done) {
  auto call = std::make_shared<Call>(Call{.request = request});
  const auto end = [this, call, done = std::move(done)](absl::StatusOr<v1::DeliverDataResponse> response) {
    Leave(*call);
    done(std::move(response));
  };
  absl::StatusOr<std::optional<v1::DeliverDataResponse>> earlier = Begin(*call);
  if (!earlier.ok()) return end(earlier.status());
  if (*earlier) return end(**std::move(earlier));
  scorer_->score(call->data, std::move(wanted), [this, call, end](absl::StatusOr<v1::SensingQualityScore> score) {
    run_([this, call, end, score = std::move(score)] { end(Finish(*call, score)); });
  });
}

void Deliveries::Leave(const Call& call) {
  if (call.holds_room) evidence_.Release(call.id);
  if (!call.holds_place) return;
  const engine::MutexLock lock(&mutex_);
  delivering_.erase(call.id);
}

absl::Status Deliveries::Enter(Call& call) {
  const engine::MutexLock lock(&mutex_);
  call.holds_place = delivering_.insert(call.id).second;
  if (call.holds_place) return absl::OkStatus();
  return absl::AbortedError("this acceptance delivers at this moment: repeat the call");
}

absl::StatusOr<std::optional<v1::DeliverDataResponse>> Deliveries::Begin(Call& call) {
  absl::Status status = Check(call);
  if (status.ok()) status = Enter(call);
  if (status.ok()) status = ReadAcceptance(call);
  if (!status.ok()) return status;
  absl::StatusOr<std::optional<v1::DeliverDataResponse>> earlier = Earlier(call);
  if (!earlier.ok() || *earlier) return earlier;
  status = CheckAcceptance(call);
  if (status.ok()) status = Fill(call);
  if (status.ok()) status = ReserveRoom(call);
  if (!status.ok()) return status;
  return std::nullopt;
}

absl::Status Deliveries::ReserveRoom(Call& call) {
  const auto bytes = static_cast<std::int64_t>(call.data.ByteSizeLong()) + kMostOtherBytes;
  const absl::Status reserved = evidence_.Reserve(call.id, bytes);
  call.holds_room = reserved.ok();
  return reserved;
}

absl::Status Deliveries::Check(Call& call) const {
  if (!scorer_.ok()) return absl::FailedPreconditionError(scorer_.status().message());
  const v1::DeliverDataRequest& request = call.request;
  ledger::Signature signature{};
  absl::Status status = TakeBytes("task", request.task(), call.id.task);
  status.Update(TakeBytes("vehicle", request.vehicle(), call.id.vehicle));
  status.Update(TakeBytes("salt", request.salt(), call.salt));
  status.Update(TakeBytes("signature", request.signature(), signature));
  if (!status.ok()) return status;
  if (absl::Status data = CheckData(request.data(), call.id.vehicle); !data.ok()) return data;
  const absl::StatusOr<ledger::Digest> sha256 = scorer_->digest(request.data());
  if (!sha256.ok()) return InData(sha256.status());
  call.digest = ledger::DataDigest(call.salt, *sha256);
  const std::string statement =
      ledger::DeliveryStatement(driver_.chain_id(), call.id.task, call.id.vehicle, call.digest);
  if (ledger::Verify(call.id.vehicle, statement, signature)) return absl::OkStatus();
  return absl::InvalidArgumentError("signature: it is not the vehicle's, of this task, salt and data");
}

absl::Status Deliveries::ReadAcceptance(Call& call) const {
  const auto acceptance = ReadEntry<ledger::Acceptance>(driver_, ledger::AcceptanceKey(call.id.task, call.id.vehicle));
  if (!acceptance.ok()) return acceptance.status();
  if (!*acceptance) return absl::NotFoundError("task, vehicle: there is no such acceptance");
  const auto terms = ReadEntry<ledger::TaskTerms>(driver_, ledger::TermsKey(call.id.task));
  if (!terms.ok()) return terms.status();
  if (!*terms) return absl::NotFoundError("task: there is no such task");
  call.acceptance = **acceptance;
  call.terms = **terms;
  const absl::StatusOr<ledger::Account> account = seat_.Account();
  if (!account.ok()) return account.status();
  if (*account == call.terms.operator_account) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("task: it is of operator ",
                                                    Hex(ledger::BytesOf(call.terms.operator_account)),
                                                    ", this server acts for ", Hex(ledger::BytesOf(*account))));
}

absl::Status Deliveries::CheckAcceptance(const Call& call) const {
  const ledger::Acceptance& acceptance = call.acceptance;
  const bool submitted = acceptance.status == ledger::AcceptanceStatus::kSubmitted;
  if (submitted && acceptance.data != call.digest) {
    return absl::AlreadyExistsError("data: other data was submitted for this acceptance");
  }
  if (!submitted && acceptance.status != ledger::AcceptanceStatus::kAccepted) {
    return absl::FailedPreconditionError("task, vehicle: the acceptance is scored or settled already");
  }
  const std::int64_t until = submitted ? call.terms.score_by : call.terms.submit_by;
  if (const std::int64_t now = now_us_(); now > until) {
    return absl::FailedPreconditionError(absl::StrCat("task: data was wanted until ", until, ", it is ", now));
  }
  if (call.terms.scorer != scorer_->model || call.terms.nonce_commitment != scorer_->nonce_commitment) {
    return absl::FailedPreconditionError(
        absl::StrCat("task: it promised to score with model ", Hex(ledger::BytesOf(call.terms.scorer)),
                     " and nonces of ", Hex(ledger::BytesOf(call.terms.nonce_commitment)), ", this server has ",
                     Hex(ledger::BytesOf(scorer_->model)), " and ", Hex(ledger::BytesOf(scorer_->nonce_commitment))));
  }
  return absl::OkStatus();
}

absl::Status Deliveries::Fill(Call& call) const {
  const std::optional<v1::TaskDescription> description = tasks_.Description(call.id.task);
  if (!description) return absl::FailedPreconditionError("task: this server does not know its description");
  call.data = call.request.data();
  call.data.DiscardUnknownFields();
  const bool others = call.data.has_requirements() && ledger::CanonicalBytes(call.data.requirements()) !=
                                                          ledger::CanonicalBytes(description->requirements());
  if (others) return absl::InvalidArgumentError("data.requirements: they are not the task's");
  *call.data.mutable_requirements() = description->requirements();
  // Whoever repeats the call before the evidence is durable gets the first score, not a replay's.
  call.data.set_submission_id(Hex(ledger::BytesOf(call.id.task)));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<v1::DeliverDataResponse>> Deliveries::Earlier(const Call& call) const {
  if (!evidence_.Has(call.id)) return std::nullopt;
  const absl::StatusOr<std::string> bytes = evidence_.Find(call.id);
  if (!bytes.ok()) return bytes.status();
  const absl::StatusOr<v1::DeliveryEvidence> evidence = ParseEvidence(*bytes);
  if (!evidence.ok()) return evidence.status();
  v1::DeliverDataResponse response = Receipt(call, *evidence);
  if (response.data_digest() == ledger::BytesOf(call.digest)) return response;
  return absl::AlreadyExistsError(
      absl::StrCat("data: this acceptance delivered other data, with digest ", Hex(response.data_digest())));
}

absl::Status Deliveries::CheckRequirements(const Call& call, const v1::SensingQualityScore& score) const {
  const absl::StatusOr<v1::SensingRequirements> wanted = scorer_->fill_in(call.data.requirements());
  if (!wanted.ok()) return InData(wanted.status());
  if (ledger::CanonicalBytes(*wanted) == ledger::CanonicalBytes(score.requirements())) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("score.requirements: got ", InWords(score.requirements()), ", want the task's, ", InWords(*wanted)));
}

absl::StatusOr<v1::DeliverDataResponse> Deliveries::Finish(Call& call,
                                                           const absl::StatusOr<v1::SensingQualityScore>& score) {
  if (!score.ok()) return InData(score.status());
  if (absl::Status wrong = CheckRequirements(call, *score); !wrong.ok()) return wrong;
  v1::DeliveryEvidence evidence;
  evidence.set_task(call.request.task());
  evidence.set_vehicle(call.request.vehicle());
  evidence.set_data_salt(call.request.salt());
  *evidence.mutable_data() = std::move(call.data);
  *evidence.mutable_score() = *score;
  evidence.mutable_score()->set_repeated(false);
  evidence.set_salt(RandomSalt());
  const absl::Status kept = evidence_.Keep(call.id, ledger::CanonicalBytes(evidence));
  if (!kept.ok()) return kept;
  return Receipt(call, evidence);
}

v1::DeliverDataResponse Deliveries::Receipt(const Call& call, const v1::DeliveryEvidence& evidence) const {
  const ledger::Digest digest = DataDigestOf(evidence);
  const std::int64_t received_us = evidence.score().received_at_us();
  const ledger::Signature signature =
      seat_.Sign(ledger::ReceiptStatement(driver_.chain_id(), call.id.task, call.id.vehicle, digest, received_us));
  v1::DeliverDataResponse response;
  response.set_data_digest(std::string(ledger::BytesOf(digest)));
  response.set_received_us(received_us);
  response.set_operator_key(std::string(ledger::BytesOf(*seat_.key())));
  response.set_receipt_signature(std::string(ledger::BytesOf(signature)));
  *response.mutable_score() = evidence.score();
  response.set_payable_micros(PayableOf(evidence, call.terms));
  return response;
}

}  // namespace giot::settlement
