#pragma once

#include <cstdint>

#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/state/state_store.h"

namespace giot::ledger {

// One transaction on its way through the rules of FORMAT.md section 5.
struct Call {
  const OpenedTransaction& transaction;
  std::uint64_t height = 0;
  std::int64_t now_us = 0;
  StateStore& state;

  const PublicKey& signer() const { return transaction.signer; }
};

// Checks 10 to 12, in order, then the effect. A code other than OK: the state is untouched.
// Deterministic: no clock, no randomness, no floating point. Requires envelope and field codes
// that are OK. For the state machine alone.
v1::Code ApplyRules(const Call& call);
// The same without the effect.
v1::Code CheckRules(const Call& call);

// Each kind of transaction has a function in the file named for its phase, which ApplyRules calls;
// `dry` stops before the effect.
//   rules_money.cc     Genesis, Deposit, Withdraw
//   rules_keys.cc      RegisterOperator, TopUpBond, RotateKey
//   rules_task.cc      PublishTask, Accept, Submit
//   rules_outcome.cc   Score, Dispute, Resolve, Settle
//   rules_evidence.cc  Evidence
v1::Code ApplyGenesis(const Call& call, const v1::Genesis& genesis, bool dry);
v1::Code ApplyDeposit(const Call& call, const v1::Deposit& deposit, bool dry);
v1::Code ApplyWithdraw(const Call& call, const v1::Withdraw& withdraw, bool dry);
v1::Code ApplyRegisterOperator(const Call& call, const v1::RegisterOperator& registration, bool dry);
v1::Code ApplyTopUpBond(const Call& call, const v1::TopUpBond& top_up, bool dry);
v1::Code ApplyRotateKey(const Call& call, const v1::RotateKey& rotation, bool dry);
v1::Code ApplyPublishTask(const Call& call, const v1::PublishTask& task, bool dry);
v1::Code ApplyAccept(const Call& call, const v1::Accept& accept, bool dry);
v1::Code ApplySubmit(const Call& call, const v1::Submit& submit, bool dry);
v1::Code ApplyScore(const Call& call, const v1::Score& score, bool dry);
v1::Code ApplyDispute(const Call& call, const v1::Dispute& dispute, bool dry);
v1::Code ApplyResolve(const Call& call, const v1::Resolve& resolve, bool dry);
v1::Code ApplySettle(const Call& call, const v1::Settle& settle, bool dry);
v1::Code ApplyEvidence(const Call& call, const v1::Evidence& evidence, bool dry);

}  // namespace giot::ledger
