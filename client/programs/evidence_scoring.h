#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/v1/settlement.pb.h"
#include "models/quality/quality_model.h"
#include "server/ledger/state/entries.h"

namespace giot::client {

// Whether evidence is of that acceptance, as the ledger has it: its own digest and that of the data are those that
// the operator and the vehicle signed. DataLoss naming what differs.
absl::Status CheckEvidence(const v1::DeliveryEvidence& evidence, const ledger::TaskId& task,
                           const ledger::PublicKey& vehicle, const ledger::Acceptance& acceptance);

// What an auditor finds.
struct Judgement {
  v1::SensingQualityScore score;
  std::int32_t payable_micros = 0;  // To vote.
  // The operator said that the data repeat what the source sent before (REPLAY, FROZEN). One delivery cannot show
  // whether that is so: the judgement follows it, and is 0.
  bool follows_operator = false;
};

// Scores a delivery again, as the operator must have: by its nonce, its time of arrival and `requirements`, the
// task's. FailedPrecondition if the model is not the one that the task names; Unimplemented for telemetry, which
// says nothing without the source's history; InvalidArgument for data that cannot be scored.
absl::StatusOr<Judgement> ScoreEvidence(const v1::DeliveryEvidence& evidence,
                                        const v1::SensingRequirements& requirements, const ledger::TaskTerms& terms,
                                        quality::QualityModel model);

}  // namespace giot::client
