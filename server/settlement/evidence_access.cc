#include "server/settlement/evidence_access.h"

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/settlement/delivery_evidence.h"
#include "server/settlement/entry_reader.h"
#include "server/settlement/fields.h"

namespace giot::settlement {
namespace {

struct Asking {
  AcceptanceId id;
  ledger::PublicKey auditor{};
  ledger::Signature signature{};
};

absl::Status Take(const v1::FetchEvidenceRequest& request, Asking& asking) {
  absl::Status status = TakeBytes("task", request.task(), asking.id.task);
  status.Update(TakeBytes("vehicle", request.vehicle(), asking.id.vehicle));
  status.Update(TakeBytes("auditor", request.auditor(), asking.auditor));
  status.Update(TakeBytes("signature", request.signature(), asking.signature));
  return status;
}

absl::Status CheckClock(std::int64_t got, std::int64_t now_us) {
  constexpr std::int64_t kMost = EvidenceAccess::kMostClockDifferenceUs;
  // Not by their difference, which may overflow.
  if (got >= now_us - kMost && got <= now_us + kMost) return absl::OkStatus();
  return BadField("time_us", got, absl::StrCat("within ", kMost, " of this server's clock, ", now_us));
}

absl::Status CheckAuditor(ledger::Driver& driver, const ledger::PublicKey& key) {
  const auto entry = ReadEntry<ledger::KeyEntry>(driver, ledger::KeyKey(key));
  if (!entry.ok()) return entry.status();
  const bool is_auditor = *entry && (*entry)->role == ledger::v1::KEY_ROLE_AUDITOR && !(*entry)->revoked;
  if (is_auditor) return absl::OkStatus();
  return absl::PermissionDeniedError("auditor: the key is no auditor's at present");
}

absl::Status NoEvidence() { return absl::NotFoundError("task, vehicle: there is no evidence, or no more"); }

}  // namespace

absl::StatusOr<v1::DeliveryEvidence> EvidenceAccess::Fetch(const v1::FetchEvidenceRequest& request) const {
  Asking asking;
  absl::Status status = Take(request, asking);
  if (status.ok()) status = CheckClock(request.time_us(), now_us_());
  if (!status.ok()) return status;
  const std::string statement =
      ledger::FetchStatement(driver_.chain_id(), asking.id.task, asking.id.vehicle, request.time_us());
  if (!ledger::Verify(asking.auditor, statement, asking.signature)) {
    return absl::InvalidArgumentError("signature: it is not the auditor's, of this task, vehicle and time");
  }
  if (absl::Status auditor = CheckAuditor(driver_, asking.auditor); !auditor.ok()) return auditor;

  const auto acceptance =
      ReadEntry<ledger::Acceptance>(driver_, ledger::AcceptanceKey(asking.id.task, asking.id.vehicle));
  if (!acceptance.ok()) return acceptance.status();
  if (!*acceptance || ledger::IsFinal((*acceptance)->status)) return NoEvidence();
  const absl::StatusOr<std::string> bytes = evidence_.Find(asking.id);
  if (absl::IsNotFound(bytes.status())) return NoEvidence();
  if (!bytes.ok()) return bytes.status();
  return ParseEvidence(*bytes);
}

}  // namespace giot::settlement
