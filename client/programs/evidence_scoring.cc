#include "client/programs/evidence_scoring.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/local_scoring.h"
#include "client/settlement/data_digest.h"
#include "server/ledger/proof/payable.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/transaction.h"

namespace giot::client {
namespace {

absl::Status Differs(std::string_view what, std::string_view got, std::string_view wanted) {
  return absl::DataLossError(absl::StrCat("evidence: ", std::string(what), ": got ", ledger::HexOf(got), ", want ",
                                          ledger::HexOf(wanted), ", as the ledger has it"));
}

bool SaysRepeated(const v1::SensingQualityScore& score) {
  return std::any_of(score.flags().begin(), score.flags().end(),
                     [](int flag) { return flag == v1::SENSING_FLAG_REPLAY || flag == v1::SENSING_FLAG_FROZEN; });
}

}  // namespace

absl::Status CheckEvidence(const v1::DeliveryEvidence& evidence, const ledger::TaskId& task,
                           const ledger::PublicKey& vehicle, const ledger::Acceptance& acceptance) {
  if (evidence.task() != ledger::BytesOf(task)) return Differs("task", evidence.task(), ledger::BytesOf(task));
  if (evidence.vehicle() != ledger::BytesOf(vehicle)) {
    return Differs("vehicle", evidence.vehicle(), ledger::BytesOf(vehicle));
  }
  const ledger::Digest digest = ledger::Sha256({ledger::CanonicalBytes(evidence)});
  // Before the score only the vehicle's word is there.
  if (acceptance.evidence != ledger::Digest{} && digest != acceptance.evidence) {
    return Differs("digest", ledger::BytesOf(digest), ledger::BytesOf(acceptance.evidence));
  }
  ledger::Digest salt{};
  const absl::StatusOr<ledger::Digest> sha256 = DataSha256(evidence.data());
  if (!sha256.ok() || !ledger::FromBytes(evidence.data_salt(), salt)) {
    return absl::DataLossError("evidence: got no data or salt, want what was delivered");
  }
  const ledger::Digest data = ledger::DataDigest(salt, *sha256);
  if (data != acceptance.data) return Differs("data digest", ledger::BytesOf(data), ledger::BytesOf(acceptance.data));
  return absl::OkStatus();
}

absl::StatusOr<Judgement> ScoreEvidence(const v1::DeliveryEvidence& evidence,
                                        const v1::SensingRequirements& requirements, const ledger::TaskTerms& terms,
                                        quality::QualityModel model) {
  const std::string scorer = ledger::HexOf(ledger::BytesOf(terms.scorer));
  if (model.digest != scorer) {
    return absl::FailedPreconditionError(
        absl::StrCat("--local_model: got ", model.digest, ", want the model that the task names, ", scorer));
  }
  if (evidence.data().has_telemetry()) {
    return absl::UnimplementedError("evidence: telemetry says nothing without the reports before it");
  }
  v1::ScoreSensingQualityRequest request = evidence.data();
  *request.mutable_requirements() = requirements;
  const std::int64_t received_us = evidence.score().received_at_us();
  LocalScoring scoring(
      std::move(model), [received_us] { return received_us; }, evidence.score().nonce());
  absl::StatusOr<v1::SensingQualityScore> score = scoring.Finish(request);
  if (!score.ok()) return score.status();
  Judgement judgement;
  judgement.follows_operator = SaysRepeated(evidence.score());
  judgement.score = *std::move(score);
  if (judgement.follows_operator) return judgement;
  judgement.payable_micros =
      ledger::PayableMicros(judgement.score.quality(), judgement.score.quality_lower(),
                            static_cast<std::int32_t>(terms.delta), static_cast<std::int32_t>(terms.allowance));
  return judgement;
}

}  // namespace giot::client
