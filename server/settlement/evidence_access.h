#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "giot/v1/settlement.pb.h"
#include "server/ledger/driver.h"
#include "server/settlement/evidence_store.h"

namespace giot::settlement {

// Hands evidence out to auditors. Thread-safe; waits for the ledger's writer.
class EvidenceAccess {
 public:
  // Both outlive it.
  EvidenceAccess(ledger::Driver& driver, const EvidenceStore& evidence, std::function<std::int64_t()> now_us)
      : driver_(driver), evidence_(evidence), now_us_(std::move(now_us)) {}

  // By how much an auditor's clock may differ from this one's.
  static constexpr std::int64_t kMostClockDifferenceUs = 300'000'000;

  // InvalidArgument for a bad field or signature, or a clock too far off; PermissionDenied for whoever is no auditor at
  // present; NotFound if there is no such acceptance, it is final, or there is no evidence; errors of the driver and
  // the evidence store.
  absl::StatusOr<v1::DeliveryEvidence> Fetch(const v1::FetchEvidenceRequest& request) const;

 private:
  ledger::Driver& driver_;
  const EvidenceStore& evidence_;
  const std::function<std::int64_t()> now_us_;
};

}  // namespace giot::settlement
