#include "server/ledger/proof/fields.h"

#include <algorithm>
#include <set>
#include <string>

#include "server/ledger/proof/evidence.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {
namespace {

constexpr std::size_t kMostReferenceBytes = 64;
constexpr std::size_t kMostEvidenceBytes = 16'384;
constexpr int kMostAuditors = 16;
constexpr int kMostItems = 16;
constexpr std::int64_t kMostSlots = 100'000;
constexpr std::int64_t kOne = 1'000'000;
constexpr std::int64_t kLongestUs = std::int64_t{400} * 24 * 3600 * kOne;

// Collects the first code that is not OK, in the order of the calls.
class Judge {
 public:
  Judge& Require(bool right, v1::Code otherwise) {
    if (!right && code_ == v1::CODE_OK) code_ = otherwise;
    return *this;
  }
  Judge& Size(const std::string& bytes, std::size_t size) {
    return Require(bytes.size() == size, v1::CODE_FIELD_OUT_OF_RANGE);
  }
  Judge& Digest32(const std::string& bytes) { return Size(bytes, std::tuple_size_v<Digest>); }
  Judge& Key(const std::string& bytes) { return Size(bytes, std::tuple_size_v<PublicKey>); }
  Judge& SignatureSize(const std::string& bytes) { return Size(bytes, std::tuple_size_v<Signature>); }
  Judge& AtMost(const std::string& bytes, std::size_t most) {
    return Require(bytes.size() <= most, v1::CODE_FIELD_OUT_OF_RANGE);
  }
  Judge& Range(std::int64_t value, std::int64_t least, std::int64_t most) {
    return Require(value >= least && value <= most, v1::CODE_FIELD_OUT_OF_RANGE);
  }
  Judge& Micros(std::int64_t value) { return Range(value, 0, kOne); }
  Judge& Time(std::int64_t value) { return Require(IsTime(value), v1::CODE_FIELD_OUT_OF_RANGE); }
  Judge& Amount(std::int64_t value, std::int64_t least) {
    return Require(value >= least && value <= kMostAmountMicros, v1::CODE_AMOUNT_OUT_OF_RANGE);
  }
  Judge& KeySignatures(const google::protobuf::RepeatedPtrField<v1::KeySignature>& list) {
    Range(list.size(), 0, kMostAuditors);
    for (int i = 0; i < list.size(); ++i) {
      Key(list[i].key()).SignatureSize(list[i].signature());
      Require(i == 0 || list[i - 1].key() < list[i].key(), v1::CODE_FIELD_OUT_OF_RANGE);
    }
    return *this;
  }

  bool ok() const { return code_ == v1::CODE_OK; }
  v1::Code code() const { return code_; }

 private:
  v1::Code code_ = v1::CODE_OK;
};

// Of what has been found to be of that size.
template <typename Array>
Array As(const std::string& bytes) {
  Array array{};
  FromBytes(bytes, array);
  return array;
}

bool IsSigned(const std::string& key, const std::string& statement, const std::string& signature) {
  return Verify(As<PublicKey>(key), statement, As<Signature>(signature));
}

bool AreSigned(const google::protobuf::RepeatedPtrField<v1::KeySignature>& list, const std::string& statement) {
  return std::all_of(list.begin(), list.end(), [&](const v1::KeySignature& signature) {
    return IsSigned(signature.key(), statement, signature.signature());
  });
}

v1::Code Check(const v1::Genesis& genesis) {
  const auto& auditors = genesis.auditors();
  Judge judge;
  judge.Time(genesis.time_us()).Key(genesis.treasury()).Range(auditors.size(), 1, kMostAuditors);
  for (const std::string& auditor : auditors) judge.Key(auditor);
  const std::set<std::string> different(auditors.begin(), auditors.end());
  return judge.Range(auditors.size(), 1, static_cast<std::int64_t>(different.size()))
      .Range(genesis.auditor_threshold(), auditors.size() / 2 + 1, auditors.size())
      .Amount(genesis.min_bond_micros(), 0)
      .Amount(genesis.penalty_micros(), 0)
      .Range(genesis.availability_grace_us(), 0, kLongestUs)
      .Range(genesis.dispute_window_us(), 0, kLongestUs)
      .Range(genesis.vote_window_us(), 0, kLongestUs)
      .Range(genesis.evidence_window_us(), 0, kLongestUs)
      .Range(genesis.max_task_us(), 1, kLongestUs)
      .code();
}

v1::Code Check(const v1::Deposit& deposit) {
  return Judge()
      .Key(deposit.account())
      .Amount(deposit.amount_micros(), 1)
      .AtMost(deposit.reference(), kMostReferenceBytes)
      .code();
}

v1::Code Check(const v1::Withdraw& withdraw) {
  return Judge().Amount(withdraw.amount_micros(), 1).AtMost(withdraw.reference(), kMostReferenceBytes).code();
}

v1::Code Check(std::string_view chain_id, const PublicKey& signer, const v1::RegisterOperator& registration) {
  Judge judge;
  judge.Key(registration.checkpoint_key())
      .SignatureSize(registration.checkpoint_possession())
      .Amount(registration.bond_micros(), 1)
      .Time(registration.approve_by_us())
      .KeySignatures(registration.approvals());
  if (!judge.ok()) return judge.code();
  const bool is_signed =
      IsSigned(registration.checkpoint_key(), PossessionStatement(chain_id, v1::KEY_ROLE_CHECKPOINT, signer),
               registration.checkpoint_possession()) &&
      AreSigned(registration.approvals(), ApprovalStatement(chain_id, signer, registration));
  return is_signed ? v1::CODE_OK : v1::CODE_BAD_INNER_SIGNATURE;
}

v1::Code Check(const v1::TopUpBond& top_up) { return Judge().Amount(top_up.amount_micros(), 1).code(); }

v1::Code Check(std::string_view chain_id, const v1::RotateKey& rotation) {
  Judge judge;
  judge.Range(rotation.role(), v1::KEY_ROLE_OPERATOR, v1::KEY_ROLE_MINT)
      .Key(rotation.old_key())
      .Key(rotation.new_key())
      .SignatureSize(rotation.new_key_possession())
      .Time(rotation.approve_by_us())
      .Require(rotation.approve_by_us() == 0 || !rotation.approvals().empty(), v1::CODE_FIELD_OUT_OF_RANGE)
      .KeySignatures(rotation.approvals());
  if (!judge.ok()) return judge.code();
  return AreSigned(rotation.approvals(), ApprovalStatement(chain_id, rotation)) ? v1::CODE_OK
                                                                                : v1::CODE_BAD_INNER_SIGNATURE;
}

v1::Code Check(const v1::PublishTask& task) {
  Judge judge;
  judge.Range(task.menu_size(), 1, kMostItems);
  for (const v1::Item& item : task.menu()) {
    judge.Range(item.quality_micros(), 1, kOne).Amount(item.reward_micros(), 1).Micros(item.update_rate_micros());
  }
  return judge.Range(task.slots(), 1, kMostSlots)
      .Time(task.accept_by_us())
      .Time(task.submit_by_us())
      .Time(task.score_by_us())
      .Amount(task.deposit_micros(), 0)
      .Micros(task.delta_micros())
      .Micros(task.allowance_micros())
      .Micros(task.min_reputation_micros())
      .Digest32(task.scorer_digest())
      .Digest32(task.nonce_commitment())
      .Digest32(task.description_digest())
      .Require(task.accept_by_us() < task.submit_by_us() && task.submit_by_us() < task.score_by_us(),
               v1::CODE_BAD_DEADLINES)
      .code();
}

v1::Code Check(const v1::Accept& accept) {
  return Judge()
      .Digest32(accept.task())
      .Require(accept.item() >= 0, v1::CODE_FIELD_OUT_OF_RANGE)
      .Digest32(accept.menu_digest())
      .code();
}

v1::Code Check(std::string_view chain_id, const PublicKey& vehicle, const v1::Submit& submit) {
  const v1::DataReceipt& receipt = submit.receipt();
  Judge judge;
  judge.Digest32(submit.task()).Digest32(submit.data_digest());
  if (submit.has_receipt()) {
    judge.Key(receipt.operator_key()).Time(receipt.received_us()).SignatureSize(receipt.signature());
  }
  judge.KeySignatures(submit.availability());
  if (!judge.ok()) return judge.code();
  const auto task = As<Digest>(submit.task());
  const auto data_digest = As<Digest>(submit.data_digest());
  if (submit.has_receipt()) {
    judge.Require(
        IsSigned(receipt.operator_key(), ReceiptStatement(chain_id, task, vehicle, data_digest, receipt.received_us()),
                 receipt.signature()),
        v1::CODE_BAD_INNER_SIGNATURE);
  }
  return judge
      .Require(AreSigned(submit.availability(), AvailabilityStatement(chain_id, task, vehicle, data_digest)),
               v1::CODE_BAD_INNER_SIGNATURE)
      .Require(submit.has_receipt() == submit.availability().empty(), v1::CODE_NO_PROOF_OF_DATA)
      .code();
}

v1::Code Check(const v1::Score& score) {
  return Judge()
      .Digest32(score.task())
      .Key(score.vehicle())
      .Micros(score.payable_micros())
      .Digest32(score.nonce())
      .Digest32(score.evidence_digest())
      .code();
}

v1::Code Check(const v1::Dispute& dispute) { return Judge().Digest32(dispute.task()).code(); }

v1::Code Check(const v1::Resolve& resolve) {
  return Judge().Digest32(resolve.task()).Key(resolve.vehicle()).Micros(resolve.payable_micros()).code();
}

v1::Code Check(const v1::Settle& settle) {
  Judge judge;
  judge.Digest32(settle.task());
  if (!settle.vehicle().empty()) judge.Key(settle.vehicle());
  return judge.code();
}

v1::Code Check(std::string_view chain_id, const v1::Evidence& evidence) {
  Judge judge;
  judge.Range(evidence.kind(), v1::EVIDENCE_KIND_RECEIPTS, v1::EVIDENCE_KIND_CHECKPOINTS)
      .Key(evidence.operator_account())
      .AtMost(evidence.first(), kMostEvidenceBytes)
      .AtMost(evidence.second(), kMostEvidenceBytes);
  if (evidence.kind() == v1::EVIDENCE_KIND_CHECKPOINTS) {
    judge.Key(evidence.checkpoint_key());
  } else {
    judge.Size(evidence.checkpoint_key(), 0);
  }
  return judge.ok() ? CheckEvidence(chain_id, evidence) : judge.code();
}

}  // namespace

bool IsTime(std::int64_t us) { return us >= 0 && us <= kLatestUs; }

v1::Code CheckFields(std::string_view chain_id, const v1::Body& body) {
  if (!IsTime(body.expires_us())) return v1::CODE_FIELD_OUT_OF_RANGE;
  const auto signer = As<PublicKey>(body.signer());
  switch (body.transaction_case()) {
    case v1::Body::kGenesis:
      return Check(body.genesis());
    case v1::Body::kDeposit:
      return Check(body.deposit());
    case v1::Body::kWithdraw:
      return Check(body.withdraw());
    case v1::Body::kRegisterOperator:
      return Check(chain_id, signer, body.register_operator());
    case v1::Body::kTopUpBond:
      return Check(body.top_up_bond());
    case v1::Body::kRotateKey:
      return Check(chain_id, body.rotate_key());
    case v1::Body::kPublishTask:
      return Check(body.publish_task());
    case v1::Body::kAccept:
      return Check(body.accept());
    case v1::Body::kSubmit:
      return Check(chain_id, signer, body.submit());
    case v1::Body::kScore:
      return Check(body.score());
    case v1::Body::kDispute:
      return Check(body.dispute());
    case v1::Body::kResolve:
      return Check(body.resolve());
    case v1::Body::kSettle:
      return Check(body.settle());
    case v1::Body::kEvidence:
      return Check(chain_id, body.evidence());
    case v1::Body::TRANSACTION_NOT_SET:
      break;
  }
  return v1::CODE_MALFORMED;
}

}  // namespace giot::ledger
