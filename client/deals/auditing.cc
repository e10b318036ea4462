#include "client/deals/auditing.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/local_scoring.h"
#include "client/settlement/transactions.h"
#include "server/ledger/proof/payable.h"
#include "server/ledger/proof/transaction.h"

namespace giot::client {
namespace {

absl::StatusOr<v1::DeliveryEvidence> FetchEvidence(ProvenLedger& ledger, const Wallet& auditor,
                                                   const ledger::TaskId& task, const ledger::PublicKey& vehicle) {
  const absl::StatusOr<std::int64_t> now_us = ledger.NowUs();
  if (!now_us.ok()) return now_us.status();
  v1::FetchEvidenceRequest request;
  request.set_task(std::string(ledger::BytesOf(task)));
  request.set_vehicle(std::string(ledger::BytesOf(vehicle)));
  request.set_auditor(std::string(ledger::BytesOf(auditor.key())));
  request.set_time_us(*now_us);
  request.set_signature(std::string(ledger::BytesOf(auditor.SignFetch(task, vehicle, *now_us))));
  return ledger.client().FetchEvidence(request);
}

absl::Status CheckEvidence(const v1::DeliveryEvidence& evidence, const ledger::Acceptance& acceptance) {
  const ledger::Digest digest = ledger::Sha256({ledger::CanonicalBytes(evidence)});
  if (digest == acceptance.evidence) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("evidence: got ", ledger::HexOf(ledger::BytesOf(digest)), ", the ledger has ",
                                          ledger::HexOf(ledger::BytesOf(acceptance.evidence))));
}

absl::StatusOr<std::int32_t> ScoreAgain(const v1::DeliveryEvidence& evidence, const quality::QualityModel& model,
                                        const ledger::TaskTerms& terms, const v1::SensingRequirements& requirements) {
  v1::ScoreSensingQualityRequest data = evidence.data();
  *data.mutable_requirements() = requirements;
  const std::int64_t received_us = evidence.score().received_at_us();
  LocalScoring scoring(
      model, [received_us] { return received_us; }, evidence.score().nonce());
  scoring.Begin(data);
  const absl::StatusOr<v1::SensingQualityScore> score = scoring.Finish(data);
  if (!score.ok()) return absl::InternalError(absl::StrCat("evidence: ", score.status().message()));
  return ledger::PayableMicros(score->quality(), score->quality_lower(), static_cast<std::int32_t>(terms.delta),
                               static_cast<std::int32_t>(terms.allowance));
}

}  // namespace

absl::StatusOr<int> Audit(ProvenLedger& ledger, const LedgerFolder& folder, const quality::QualityModel& model,
                          const ledger::TaskId& task, const ledger::PublicKey& vehicle) {
  const absl::StatusOr<ledger::Parameters> parameters = ledger.ReadParameters();
  if (!parameters.ok()) return parameters.status();
  const std::size_t threshold = parameters->threshold;
  if (folder.auditors.size() < threshold) {
    return absl::FailedPreconditionError(
        absl::StrCat("auditors: got ", folder.auditors.size(), " keys, want ", threshold, " or more"));
  }
  const absl::StatusOr<ledger::TaskTerms> terms = ledger.ReadTerms(task);
  if (!terms.ok()) return terms.status();
  const absl::StatusOr<v1::TaskDescription> description = ledger.ReadDescription(task);
  if (!description.ok()) return description.status();
  const absl::StatusOr<ledger::Acceptance> acceptance = ledger.ReadAcceptance(task, vehicle);
  if (!acceptance.ok()) return acceptance.status();
  for (std::size_t i = 0; i < threshold; ++i) {
    const Wallet& auditor = folder.auditors[i];
    const absl::StatusOr<v1::DeliveryEvidence> evidence = FetchEvidence(ledger, auditor, task, vehicle);
    if (!evidence.ok()) return evidence.status();
    if (absl::Status status = CheckEvidence(*evidence, *acceptance); !status.ok()) return status;
    const absl::StatusOr<std::int32_t> payable = ScoreAgain(*evidence, model, *terms, description->requirements());
    if (!payable.ok()) return payable.status();
    const absl::StatusOr<std::int64_t> now_us = ledger.NowUs();
    if (!now_us.ok()) return now_us.status();
    const auto placed = ledger.PlaceSuccessfully(auditor.Seal(ResolveBody(task, vehicle, *payable), *now_us));
    if (!placed.ok()) return placed.status();
  }
  return static_cast<int>(threshold);
}

}  // namespace giot::client
