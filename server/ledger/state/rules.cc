#include "server/ledger/state/rules.h"

#include <cstdlib>

#include "server/ledger/state/parties.h"

namespace giot::ledger {
namespace {

bool IsInPlace(const Call& call) {
  const bool has_begun = call.state.Find(ParametersKey()) != nullptr;
  const v1::Body& body = call.transaction.body;
  if (!body.has_genesis()) return has_begun;
  return !has_begun && call.height == 0 && body.genesis().time_us() == call.now_us;
}

v1::Code Dispatch(const Call& call, bool dry) {
  const v1::Body& body = call.transaction.body;
  switch (body.transaction_case()) {
    case v1::Body::kGenesis:
      return ApplyGenesis(call, body.genesis(), dry);
    case v1::Body::kDeposit:
      return ApplyDeposit(call, body.deposit(), dry);
    case v1::Body::kWithdraw:
      return ApplyWithdraw(call, body.withdraw(), dry);
    case v1::Body::kRegisterOperator:
      return ApplyRegisterOperator(call, body.register_operator(), dry);
    case v1::Body::kTopUpBond:
      return ApplyTopUpBond(call, body.top_up_bond(), dry);
    case v1::Body::kRotateKey:
      return ApplyRotateKey(call, body.rotate_key(), dry);
    case v1::Body::kPublishTask:
      return ApplyPublishTask(call, body.publish_task(), dry);
    case v1::Body::kAccept:
      return ApplyAccept(call, body.accept(), dry);
    case v1::Body::kSubmit:
      return ApplySubmit(call, body.submit(), dry);
    case v1::Body::kScore:
      return ApplyScore(call, body.score(), dry);
    case v1::Body::kDispute:
      return ApplyDispute(call, body.dispute(), dry);
    case v1::Body::kResolve:
      return ApplyResolve(call, body.resolve(), dry);
    case v1::Body::kSettle:
      return ApplySettle(call, body.settle(), dry);
    case v1::Body::kEvidence:
      return ApplyEvidence(call, body.evidence(), dry);
    case v1::Body::TRANSACTION_NOT_SET:
      break;
  }
  std::abort();  // Its envelope would not have been found right.
}

v1::Code Run(const Call& call, bool dry) {
  if (!IsInPlace(call)) return v1::CODE_GENESIS_MISPLACED;
  const std::optional<KeyEntry> key = KeyOf(call.signer(), call.state);
  if (key && key->revoked) return v1::CODE_KEY_REVOKED;
  return Dispatch(call, dry);
}

}  // namespace

v1::Code ApplyRules(const Call& call) { return Run(call, false); }
v1::Code CheckRules(const Call& call) { return Run(call, true); }

}  // namespace giot::ledger
