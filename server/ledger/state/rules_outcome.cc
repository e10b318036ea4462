#include <algorithm>
#include <bit>

#include "server/ledger/state/delivery.h"
#include "server/ledger/state/money.h"
#include "server/ledger/state/parties.h"
#include "server/ledger/state/rules.h"

namespace giot::ledger {
namespace {

v1::Code CheckState(const Call& call, const Delivery& delivery, AcceptanceStatus wanted) {
  if (delivery.acceptance.status != wanted) return v1::CODE_WRONG_STATUS;
  return call.now_us <= delivery.acceptance.deadline ? v1::CODE_OK : v1::CODE_TOO_LATE;
}

v1::Code CheckScore(const Call& call, const std::optional<Delivery>& delivery) {
  if (!delivery) return v1::CODE_UNKNOWN_ACCEPTANCE;
  if (OperatorOf(call.signer(), call.state) != delivery->terms.operator_account) return v1::CODE_NOT_AUTHORIZED;
  return CheckState(call, *delivery, AcceptanceStatus::kSubmitted);
}

v1::Code CheckVote(const Call& call, const std::optional<int>& auditor, const std::optional<Delivery>& delivery) {
  if (!auditor) return v1::CODE_NOT_AUTHORIZED;
  if (!delivery) return v1::CODE_UNKNOWN_ACCEPTANCE;
  const v1::Code code = CheckState(call, *delivery, AcceptanceStatus::kDisputed);
  if (code != v1::CODE_OK) return code;
  return (delivery->acceptance.voted >> *auditor & 1) == 0 ? v1::CODE_OK : v1::CODE_ALREADY_VOTED;
}

int VotesToPay(const Acceptance& acceptance) { return std::popcount(acceptance.to_pay); }
int VotesToRefuse(const Acceptance& acceptance) { return std::popcount(acceptance.voted) - VotesToPay(acceptance); }

void Vote(Delivery& delivery, int auditor, std::uint32_t payable) {
  Acceptance& acceptance = delivery.acceptance;
  const auto bit = static_cast<std::uint16_t>(1u << auditor);
  acceptance.voted |= bit;
  if (!delivery.Fulfils(payable, kScoreTolerance)) return;
  const bool is_first = acceptance.to_pay == 0;
  acceptance.to_pay |= bit;
  acceptance.least_to_pay = is_first ? payable : std::min(acceptance.least_to_pay, payable);
}

// What Settle does to an acceptance whose deadline has passed.
void SettleDelivery(const Delivery& delivery, StateStore& state) {
  switch (delivery.acceptance.status) {
    case AcceptanceStatus::kAccepted:
      return Forfeit(delivery, state);
    case AcceptanceStatus::kSubmitted:
      Pay(delivery, state);
      return Penalise(delivery.terms.operator_account, state);
    case AcceptanceStatus::kBelow:
      return Refuse(delivery, delivery.vehicle, state);
    case AcceptanceStatus::kDisputed:
      if (VotesToPay(delivery.acceptance) > VotesToRefuse(delivery.acceptance)) return Pay(delivery, state);
      return Refuse(delivery, delivery.vehicle, state);
    default:
      break;
  }
  state.Erase(AcceptanceKey(delivery.task, delivery.vehicle));
  TaskFunds funds = *state.Get<TaskFunds>(FundsKey(delivery.task));
  --funds.acceptances;
  state.Put(FundsKey(delivery.task), funds);
}

v1::Code SettleVehicle(const Call& call, const TaskId& task, const PublicKey& vehicle, bool dry) {
  const std::optional<Delivery> delivery = FindDelivery(task, vehicle, call.state);
  if (!delivery) return v1::CODE_UNKNOWN_ACCEPTANCE;
  const std::int64_t until = IsFinal(delivery->acceptance.status) ? EndOf(delivery->terms, ParametersOf(call.state))
                                                                  : delivery->acceptance.deadline;
  if (call.now_us <= until) return v1::CODE_TOO_EARLY;
  if (!dry) SettleDelivery(*delivery, call.state);
  return v1::CODE_OK;
}

v1::Code SettleTask(const Call& call, const TaskId& task, bool dry) {
  std::optional<TaskFunds> funds = call.state.Get<TaskFunds>(FundsKey(task));
  if (!funds) return v1::CODE_UNKNOWN_TASK;
  const TaskTerms terms = *call.state.Get<TaskTerms>(TermsKey(task));
  const bool is_open = funds->status == TaskStatus::kOpen;
  if (is_open && call.now_us <= terms.accept_by) return v1::CODE_TOO_EARLY;
  if (!is_open && funds->acceptances > 0) return v1::CODE_WRONG_STATUS;
  if (dry) return v1::CODE_OK;
  if (!is_open) {
    call.state.Erase(TermsKey(task));
    call.state.Erase(FundsKey(task));
    return v1::CODE_OK;
  }
  Move(Purse::kEscrow, Purse::kBalance, funds->escrow, call.state);
  Credit(terms.operator_account, funds->escrow, call.state);
  funds->escrow = 0;
  funds->slots_left = 0;
  funds->status = TaskStatus::kClosed;
  call.state.Put(FundsKey(task), *funds);
  return v1::CODE_OK;
}

}  // namespace

v1::Code ApplyScore(const Call& call, const v1::Score& score, bool dry) {
  std::optional<Delivery> delivery = FindDelivery(Bytes32(score.task()), Bytes32(score.vehicle()), call.state);
  const v1::Code code = CheckScore(call, delivery);
  if (code != v1::CODE_OK || dry) return code;
  Acceptance& acceptance = delivery->acceptance;
  acceptance.payable = static_cast<std::uint32_t>(score.payable_micros());
  acceptance.evidence = Bytes32(score.evidence_digest());
  if (delivery->Fulfils(acceptance.payable)) {
    Pay(*delivery, call.state);
    return v1::CODE_OK;
  }
  acceptance.status = AcceptanceStatus::kBelow;
  acceptance.deadline = call.now_us + ParametersOf(call.state).dispute_window;
  Save(*delivery, call.state);
  return v1::CODE_OK;
}

v1::Code ApplyDispute(const Call& call, const v1::Dispute& dispute, bool dry) {
  std::optional<Delivery> delivery = FindDelivery(Bytes32(dispute.task()), call.signer(), call.state);
  if (!delivery) return v1::CODE_UNKNOWN_ACCEPTANCE;
  const v1::Code code = CheckState(call, *delivery, AcceptanceStatus::kBelow);
  if (code != v1::CODE_OK || dry) return code;
  delivery->acceptance.status = AcceptanceStatus::kDisputed;
  delivery->acceptance.deadline = call.now_us + ParametersOf(call.state).vote_window;
  Save(*delivery, call.state);
  return v1::CODE_OK;
}

v1::Code ApplyResolve(const Call& call, const v1::Resolve& resolve, bool dry) {
  const std::optional<int> auditor = AuditorOf(call.signer(), call.state);
  std::optional<Delivery> delivery = FindDelivery(Bytes32(resolve.task()), Bytes32(resolve.vehicle()), call.state);
  const v1::Code code = CheckVote(call, auditor, delivery);
  if (code != v1::CODE_OK || dry) return code;
  Vote(*delivery, *auditor, static_cast<std::uint32_t>(resolve.payable_micros()));
  Save(*delivery, call.state);
  const Parameters parameters = ParametersOf(call.state);
  const Acceptance& acceptance = delivery->acceptance;
  if (VotesToPay(acceptance) >= parameters.threshold) {
    Pay(*delivery, call.state);
    if (acceptance.least_to_pay > acceptance.payable + kScoreTolerance) {
      Penalise(delivery->terms.operator_account, call.state);
    }
  } else if (VotesToRefuse(acceptance) >= parameters.threshold) {
    Refuse(*delivery, parameters.treasury, call.state);
  }
  return v1::CODE_OK;
}

v1::Code ApplySettle(const Call& call, const v1::Settle& settle, bool dry) {
  const TaskId task = Bytes32(settle.task());
  if (settle.vehicle().empty()) return SettleTask(call, task, dry);
  return SettleVehicle(call, task, Bytes32(settle.vehicle()), dry);
}

}  // namespace giot::ledger
