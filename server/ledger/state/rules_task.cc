#include <algorithm>

#include "server/ledger/state/delivery.h"
#include "server/ledger/state/money.h"
#include "server/ledger/state/parties.h"
#include "server/ledger/state/rules.h"

namespace giot::ledger {
namespace {

TaskTerms TermsFrom(const Account& account, const v1::PublishTask& task) {
  TaskTerms terms{.operator_account = account,
                  .accept_by = task.accept_by_us(),
                  .submit_by = task.submit_by_us(),
                  .score_by = task.score_by_us(),
                  .deposit = task.deposit_micros(),
                  .delta = static_cast<std::uint32_t>(task.delta_micros()),
                  .allowance = static_cast<std::uint32_t>(task.allowance_micros()),
                  .min_reputation = static_cast<std::uint32_t>(task.min_reputation_micros()),
                  .scorer = Bytes32(task.scorer_digest()),
                  .nonce_commitment = Bytes32(task.nonce_commitment()),
                  .menu = {}};
  for (const v1::Item& item : task.menu()) {
    terms.menu.push_back({static_cast<std::uint32_t>(item.quality_micros()), item.reward_micros(),
                          static_cast<std::uint32_t>(item.update_rate_micros())});
  }
  return terms;
}

std::int64_t HighestReward(const v1::PublishTask& task) {
  std::int64_t highest = 0;
  for (const v1::Item& item : task.menu()) highest = std::max(highest, item.reward_micros());
  return highest;
}

bool DeadlinesAreRight(const Call& call, const v1::PublishTask& task, const Parameters& parameters) {
  return call.now_us < task.accept_by_us() &&
         task.score_by_us() > task.submit_by_us() + parameters.availability_grace &&
         task.score_by_us() <= call.now_us + parameters.max_task;
}

v1::Code CheckPublication(const Call& call, const v1::PublishTask& task, const Account& account) {
  const Parameters parameters = ParametersOf(call.state);
  const OperatorEntry entry = *call.state.Get<OperatorEntry>(OperatorKey(account));
  if (entry.status == OperatorStatus::kSlashed) return v1::CODE_ALREADY_SLASHED;
  if (entry.bond < parameters.min_bond) return v1::CODE_INSUFFICIENT_BOND;
  if (!DeadlinesAreRight(call, task, parameters)) return v1::CODE_BAD_DEADLINES;
  const std::int64_t reward = HighestReward(task);
  if (reward > kMostAmountMicros / task.slots()) return v1::CODE_AMOUNT_OUT_OF_RANGE;
  const bool enough = AccountOf(account, call.state).balance >= task.slots() * reward;
  return enough ? v1::CODE_OK : v1::CODE_INSUFFICIENT_BALANCE;
}

v1::Code CheckAcceptance(const Call& call, const v1::Accept& accept, const std::optional<TaskTerms>& terms) {
  if (KeyOf(call.signer(), call.state)) return v1::CODE_NOT_AUTHORIZED;
  if (!terms) return v1::CODE_UNKNOWN_TASK;
  const TaskId task = Bytes32(accept.task());
  if (call.now_us > terms->accept_by) return v1::CODE_TOO_LATE;
  if (call.state.Find(AcceptanceKey(task, call.signer())) != nullptr) return v1::CODE_DUPLICATE_ACCEPTANCE;
  if (call.state.Get<TaskFunds>(FundsKey(task))->slots_left == 0) return v1::CODE_NO_SLOT;
  if (MenuDigest(terms->menu) != Bytes32(accept.menu_digest())) return v1::CODE_MENU_MISMATCH;
  if (static_cast<std::size_t>(accept.item()) >= terms->menu.size()) return v1::CODE_NO_SUCH_ITEM;
  const AccountEntry account = AccountOf(call.signer(), call.state);
  if (account.reputation < terms->min_reputation) return v1::CODE_REPUTATION_TOO_LOW;
  return account.balance >= terms->deposit ? v1::CODE_OK : v1::CODE_INSUFFICIENT_BALANCE;
}

v1::Code CheckReceipt(const Call& call, const v1::Submit& submit, const Delivery& delivery) {
  if (call.now_us > delivery.terms.submit_by) return v1::CODE_TOO_LATE;
  const PublicKey key = Bytes32(submit.receipt().operator_key());
  const bool is_operators = OperatorOf(key, call.state) == delivery.terms.operator_account;
  return is_operators ? v1::CODE_OK : v1::CODE_NOT_AUTHORIZED;
}

v1::Code CheckAvailability(const Call& call, const v1::Submit& submit, const Delivery& delivery) {
  if (call.now_us > delivery.acceptance.deadline) return v1::CODE_TOO_LATE;
  const bool enough = AuditorsApprove(submit.availability(), std::nullopt, call.state);
  return enough ? v1::CODE_OK : v1::CODE_NOT_ENOUGH_APPROVALS;
}

v1::Code CheckSubmission(const Call& call, const v1::Submit& submit, const std::optional<Delivery>& delivery) {
  if (!delivery) return v1::CODE_UNKNOWN_ACCEPTANCE;
  if (delivery->acceptance.status != AcceptanceStatus::kAccepted) return v1::CODE_WRONG_STATUS;
  return submit.has_receipt() ? CheckReceipt(call, submit, *delivery) : CheckAvailability(call, submit, *delivery);
}

}  // namespace

v1::Code ApplyPublishTask(const Call& call, const v1::PublishTask& task, bool dry) {
  const std::optional<Account> account = OperatorOf(call.signer(), call.state);
  if (!account) return v1::CODE_NOT_AUTHORIZED;
  const v1::Code code = CheckPublication(call, task, *account);
  if (code != v1::CODE_OK || dry) return code;
  const TaskId& id = call.transaction.id;
  const TaskTerms terms = TermsFrom(*account, task);
  const TaskFunds funds{.escrow = task.slots() * HighestReward(task),
                        .slots_left = static_cast<std::uint32_t>(task.slots())};
  Move(Purse::kBalance, Purse::kEscrow, funds.escrow, call.state);
  Debit(*account, funds.escrow, call.state);
  call.state.Put(TermsKey(id), terms);
  call.state.Put(FundsKey(id), funds);
  OperatorEntry entry = *call.state.Get<OperatorEntry>(OperatorKey(*account));
  entry.bond_locked_until = std::max(entry.bond_locked_until, EndOf(terms, ParametersOf(call.state)));
  call.state.Put(OperatorKey(*account), entry);
  return v1::CODE_OK;
}

v1::Code ApplyAccept(const Call& call, const v1::Accept& accept, bool dry) {
  const TaskId task = Bytes32(accept.task());
  const std::optional<TaskTerms> terms = call.state.Get<TaskTerms>(TermsKey(task));
  const v1::Code code = CheckAcceptance(call, accept, terms);
  if (code != v1::CODE_OK || dry) return code;
  const Acceptance acceptance{
      .item = static_cast<std::uint8_t>(accept.item()),
      .reserve = terms->menu[static_cast<std::size_t>(accept.item())].reward,
      .deposit = terms->deposit,
      .deadline = terms->submit_by + ParametersOf(call.state).availability_grace,
  };
  Move(Purse::kEscrow, Purse::kReserve, acceptance.reserve, call.state);
  Move(Purse::kBalance, Purse::kDeposit, acceptance.deposit, call.state);
  // Of a deposit of nothing too: who has an acceptance has an account, and its key can be given no role.
  Debit(call.signer(), acceptance.deposit, call.state);
  TaskFunds funds = *call.state.Get<TaskFunds>(FundsKey(task));
  funds.escrow -= acceptance.reserve;
  --funds.slots_left;
  ++funds.open;
  ++funds.acceptances;
  call.state.Put(FundsKey(task), funds);
  call.state.Put(AcceptanceKey(task, call.signer()), acceptance);
  return v1::CODE_OK;
}

v1::Code ApplySubmit(const Call& call, const v1::Submit& submit, bool dry) {
  std::optional<Delivery> delivery = FindDelivery(Bytes32(submit.task()), call.signer(), call.state);
  const v1::Code code = CheckSubmission(call, submit, delivery);
  if (code != v1::CODE_OK || dry) return code;
  delivery->acceptance.status = AcceptanceStatus::kSubmitted;
  delivery->acceptance.data = Bytes32(submit.data_digest());
  delivery->acceptance.deadline = delivery->terms.score_by;
  Save(*delivery, call.state);
  return v1::CODE_OK;
}

}  // namespace giot::ledger
