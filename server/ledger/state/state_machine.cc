#include "server/ledger/state/state_machine.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/log_record.h"
#include "server/ledger/proof/merkle.h"
#include "server/ledger/state/money.h"
#include "server/ledger/state/rules.h"

namespace giot::ledger {
namespace {

// Whether a transaction that got the code passed checks 1 to 8.
bool IsRemembered(v1::Code code) { return code == v1::CODE_OK || code > v1::CODE_REPLAYED; }

}  // namespace

StateMachine::StateMachine(std::string chain_id)
    : chain_id_(std::move(chain_id)), app_hash_(AppHash(0, EmptyRoot(), EmptyRoot())) {}

absl::StatusOr<StateMachine> StateMachine::Load(
    std::string chain_id, MerkleLog log,
    const std::function<absl::Status(const std::function<absl::Status(std::string_view key, std::string value)>&)>&
        each_entry,
    const std::function<absl::Status(const std::function<void(std::uint64_t position, std::string_view record)>&)>&
        recent) {
  StateMachine machine(std::move(chain_id));
  machine.log_ = std::move(log);
  absl::Status status =
      each_entry([&](std::string_view key, std::string value) { return machine.state_.Load(key, std::move(value)); });
  if (!status.ok()) return status;
  const std::optional<Chain> chain = machine.state_.Get<Chain>(ChainKey());
  if (chain.has_value() != (machine.log_.size() > 0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a log of ", machine.log_.size(), " records ", chain ? "with" : "without", " a chain entry"));
  }
  if (!chain) return machine;
  if (!Conserved(*chain)) return absl::InvalidArgumentError("chain entry: its totals are not minted - withdrawn");
  machine.height_ = chain->height;
  machine.time_us_ = chain->time;
  machine.app_hash_ = AppHash(machine.height_, machine.state_.Root(), machine.log_.Root());
  absl::Status recalled;
  status = recent(
      [&](std::uint64_t position, std::string_view record) { recalled.Update(machine.Recall(position, record)); });
  status.Update(recalled);
  if (!status.ok()) return status;
  machine.replays_.Forget(machine.time_us_);
  machine.block_.first_position = machine.log_.size();
  return machine;
}

absl::Status StateMachine::Recall(std::uint64_t position, std::string_view bytes) {
  const absl::StatusOr<LogRecord> record = DecodeRecord(bytes);
  if (!record.ok()) return record.status();
  if (!IsRemembered(record->code)) return absl::OkStatus();
  v1::Body body;
  const std::size_t offset = std::min(record->envelope.size(), sizeof(Signature));
  if (!body.ParseFromArray(record->envelope.data() + offset, static_cast<int>(record->envelope.size() - offset))) {
    return absl::InvalidArgumentError(absl::StrCat("record ", position, ": its body cannot be read"));
  }
  replays_.Add(TransactionId(record->envelope), body.expires_us(), position);
  return absl::OkStatus();
}

v1::Code StateMachine::Admit(const OpenedTransaction& transaction, std::int64_t now_us) const {
  if (transaction.envelope_code != v1::CODE_OK) return transaction.envelope_code;
  const std::int64_t expires_us = transaction.body.expires_us();
  if (now_us > expires_us) return v1::CODE_EXPIRED;
  if (expires_us - now_us > kMostExpiryUs) return v1::CODE_EXPIRY_TOO_FAR;
  return replays_.Find(transaction.id) ? v1::CODE_REPLAYED : v1::CODE_OK;
}

v1::Code StateMachine::Check(const OpenedTransaction& transaction, std::int64_t now_us) {
  const v1::Code admitted = Admit(transaction, now_us);
  if (admitted != v1::CODE_OK) return admitted;
  if (transaction.field_code != v1::CODE_OK) return transaction.field_code;
  return CheckRules({transaction, log_.size() == 0 ? 0 : height_ + 1, now_us, state_});
}

void StateMachine::Begin(std::uint64_t height, std::int64_t time_us) {
  if (time_us < time_us_ || (log_.size() > 0 && height <= height_)) std::abort();
  open_height_ = height;
  open_time_us_ = time_us;
  open_index_ = 0;
}

v1::Code StateMachine::Judge(const OpenedTransaction& transaction) {
  const v1::Code admitted = Admit(transaction, open_time_us_);
  if (admitted != v1::CODE_OK) return admitted;
  replays_.Add(transaction.id, transaction.body.expires_us(), log_.size());
  if (transaction.field_code != v1::CODE_OK) return transaction.field_code;
  return ApplyRules({transaction, open_height_, open_time_us_, state_});
}

v1::Code StateMachine::Apply(const OpenedTransaction& transaction) {
  const v1::Code code = Judge(transaction);
  block_.records.push_back(EncodeRecord({open_height_, open_time_us_, open_index_, code, transaction.envelope}));
  block_.ids.push_back(transaction.id);
  log_.Append(LeafHash(block_.records.back()));
  ++open_index_;
  return code;
}

Digest StateMachine::End() {
  if (open_index_ == 0) return app_hash_;
  if (std::optional<Chain> chain = state_.Get<Chain>(ChainKey())) {
    if (!Conserved(*chain)) std::abort();
    chain->height = open_height_;
    chain->time = open_time_us_;
    state_.Put(ChainKey(), *chain);
  }
  replays_.Forget(open_time_us_);
  height_ = open_height_;
  time_us_ = open_time_us_;
  app_hash_ = AppHash(height_, state_.Root(), log_.Root());
  return app_hash_;
}

StateMachine::Persisted StateMachine::TakeBlock() {
  Persisted block = std::exchange(block_, {});
  block.tiles = log_.TakeFinished();
  block_.first_position = log_.size();
  return block;
}

StateMachine::Answer StateMachine::Query(std::string_view key, bool prove) {
  Answer answer;
  if (const std::string* value = state_.Find(key); value != nullptr) answer.value = *value;
  if (prove) answer.proof = state_.Prove(key);
  return answer;
}

}  // namespace giot::ledger
