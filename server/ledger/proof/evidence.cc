#include "server/ledger/proof/evidence.h"

#include <array>
#include <optional>
#include <string>

#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/fields.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {
namespace {

struct ShownReceipt {
  Digest task{};
  PublicKey vehicle{};
  Digest data_digest{};
  PublicKey operator_key{};
  std::int64_t received_us = 0;
  Signature signature{};
};

std::optional<ShownReceipt> ReceiptOf(const std::string& bytes) {
  v1::SignedReceipt message;
  if (!message.ParseFromString(bytes) || !IsCanonical(bytes, message)) return std::nullopt;
  ShownReceipt receipt;
  receipt.received_us = message.receipt().received_us();
  const bool right = FromBytes(message.task(), receipt.task) && FromBytes(message.vehicle(), receipt.vehicle) &&
                     FromBytes(message.data_digest(), receipt.data_digest) &&
                     FromBytes(message.receipt().operator_key(), receipt.operator_key) && IsTime(receipt.received_us) &&
                     FromBytes(message.receipt().signature(), receipt.signature);
  return right ? std::optional(receipt) : std::nullopt;
}

bool IsSigned(std::string_view chain_id, const ShownReceipt& receipt) {
  return Verify(receipt.operator_key,
                ReceiptStatement(chain_id, receipt.task, receipt.vehicle, receipt.data_digest, receipt.received_us),
                receipt.signature);
}

v1::Code CheckReceipts(std::string_view chain_id, const v1::Evidence& evidence) {
  const std::optional<ShownReceipt> first = ReceiptOf(evidence.first());
  const std::optional<ShownReceipt> second = ReceiptOf(evidence.second());
  if (!first || !second) return v1::CODE_FIELD_OUT_OF_RANGE;
  if (first->operator_key != second->operator_key || !IsSigned(chain_id, *first) || !IsSigned(chain_id, *second)) {
    return v1::CODE_BAD_INNER_SIGNATURE;
  }
  const bool contradict =
      first->task == second->task && first->vehicle == second->vehicle && first->data_digest != second->data_digest;
  return contradict ? v1::CODE_OK : v1::CODE_NOT_CONTRADICTORY;
}

// Of the form alone: checks 1 to 3, a Score, its fields.
bool IsScore(std::string_view chain_id, const OpenedTransaction& opened) {
  const v1::Code code = opened.envelope_code;
  return code != v1::CODE_TOO_LARGE && code != v1::CODE_MALFORMED && code != v1::CODE_NOT_CANONICAL &&
         opened.body.has_score() && CheckFields(chain_id, opened.body) == v1::CODE_OK;
}

v1::Code CheckScores(std::string_view chain_id, const v1::Evidence& evidence) {
  const OpenedTransaction first = OpenEnvelope(chain_id, evidence.first());
  const OpenedTransaction second = OpenEnvelope(chain_id, evidence.second());
  if (!IsScore(chain_id, first) || !IsScore(chain_id, second)) return v1::CODE_FIELD_OUT_OF_RANGE;
  if (first.envelope_code != v1::CODE_OK || second.envelope_code != v1::CODE_OK || first.signer != second.signer) {
    return v1::CODE_BAD_INNER_SIGNATURE;
  }
  const v1::Score& one = first.body.score();
  const v1::Score& other = second.body.score();
  const bool contradict =
      one.task() == other.task() && one.vehicle() == other.vehicle() &&
      (one.payable_micros() != other.payable_micros() || one.evidence_digest() != other.evidence_digest());
  return contradict ? v1::CODE_OK : v1::CODE_NOT_CONTRADICTORY;
}

bool IsCheckpoint(std::string_view bytes) {
  const absl::StatusOr<Note> note = ParseNote(bytes);
  return note.ok() && ParseCheckpointText(note->text).ok();
}

v1::Code CheckCheckpoints(std::string_view chain_id, const v1::Evidence& evidence) {
  if (!IsCheckpoint(evidence.first()) || !IsCheckpoint(evidence.second())) return v1::CODE_FIELD_OUT_OF_RANGE;
  const VerifierKey key{std::string(chain_id), NoteKeyType::kEd25519, EvidenceSigner(evidence)};
  const absl::StatusOr<Checkpoint> first = OpenCheckpoint(evidence.first(), key);
  const absl::StatusOr<Checkpoint> second = OpenCheckpoint(evidence.second(), key);
  if (!first.ok() || !second.ok()) return v1::CODE_BAD_INNER_SIGNATURE;
  return Contradict(*first, *second) ? v1::CODE_OK : v1::CODE_NOT_CONTRADICTORY;
}

std::string SignerBytes(const v1::Evidence& evidence) {
  switch (evidence.kind()) {
    case v1::EVIDENCE_KIND_RECEIPTS: {
      v1::SignedReceipt receipt;
      receipt.ParseFromString(evidence.first());
      return receipt.receipt().operator_key();
    }
    case v1::EVIDENCE_KIND_SCORES:
      return std::string(BytesOf(OpenEnvelope("", evidence.first()).signer));
    default:
      return evidence.checkpoint_key();
  }
}

}  // namespace

v1::Code CheckEvidence(std::string_view chain_id, const v1::Evidence& evidence) {
  switch (evidence.kind()) {
    case v1::EVIDENCE_KIND_RECEIPTS:
      return CheckReceipts(chain_id, evidence);
    case v1::EVIDENCE_KIND_SCORES:
      return CheckScores(chain_id, evidence);
    case v1::EVIDENCE_KIND_CHECKPOINTS:
      return CheckCheckpoints(chain_id, evidence);
    default:
      return v1::CODE_FIELD_OUT_OF_RANGE;
  }
}

PublicKey EvidenceSigner(const v1::Evidence& evidence) {
  PublicKey key{};
  FromBytes(SignerBytes(evidence), key);
  return key;
}

}  // namespace giot::ledger
