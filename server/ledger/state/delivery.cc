#include "server/ledger/state/delivery.h"

#include <algorithm>
#include <utility>

#include "server/ledger/state/money.h"
#include "server/ledger/state/reputation.h"

namespace giot::ledger {
namespace {

// The step to a final status.
void Close(Delivery delivery, AcceptanceStatus status, const Account& reserve_to, const Account& deposit_to,
           StateStore& state) {
  const std::int64_t reserve = std::exchange(delivery.acceptance.reserve, 0);
  const std::int64_t deposit = std::exchange(delivery.acceptance.deposit, 0);
  Move(Purse::kReserve, Purse::kBalance, reserve, state);
  Move(Purse::kDeposit, Purse::kBalance, deposit, state);
  Credit(reserve_to, reserve, state);
  Credit(deposit_to, deposit, state);
  delivery.acceptance.status = status;
  delivery.acceptance.deadline = 0;
  Save(delivery, state);
  TaskFunds funds = *state.Get<TaskFunds>(FundsKey(delivery.task));
  --funds.open;
  state.Put(FundsKey(delivery.task), funds);
}

void RateFailed(const PublicKey& vehicle, int falls, StateStore& state) {
  AccountEntry account = AccountOf(vehicle, state);
  for (int i = 0; i < falls; ++i) account.reputation = Lowered(account.reputation);
  ++account.failed;
  state.Put(AccountKey(vehicle), account);
}

}  // namespace

std::optional<Delivery> FindDelivery(const TaskId& task, const PublicKey& vehicle, const StateStore& state) {
  std::optional<Acceptance> acceptance = state.Get<Acceptance>(AcceptanceKey(task, vehicle));
  if (!acceptance) return std::nullopt;
  return Delivery{task, vehicle, *state.Get<TaskTerms>(TermsKey(task)), *std::move(acceptance)};
}

void Save(const Delivery& delivery, StateStore& state) {
  state.Put(AcceptanceKey(delivery.task, delivery.vehicle), delivery.acceptance);
}

void Pay(Delivery delivery, StateStore& state) {
  const PublicKey vehicle = delivery.vehicle;
  Close(std::move(delivery), AcceptanceStatus::kPaid, vehicle, vehicle, state);
  AccountEntry account = AccountOf(vehicle, state);
  account.reputation = Raised(account.reputation);
  ++account.fulfilled;
  state.Put(AccountKey(vehicle), account);
}

void Refuse(Delivery delivery, const Account& deposit_to, StateStore& state) {
  const PublicKey vehicle = delivery.vehicle;
  const Account reserve_to = delivery.terms.operator_account;
  Close(std::move(delivery), AcceptanceStatus::kRefused, reserve_to, deposit_to, state);
  RateFailed(vehicle, 1, state);
}

void Forfeit(Delivery delivery, StateStore& state) {
  const PublicKey vehicle = delivery.vehicle;
  const Account reserve_to = delivery.terms.operator_account;
  Close(std::move(delivery), AcceptanceStatus::kForfeited, reserve_to, ParametersOf(state).treasury, state);
  RateFailed(vehicle, 2, state);
}

void Penalise(const Account& operator_account, StateStore& state) {
  const Parameters parameters = ParametersOf(state);
  OperatorEntry entry = *state.Get<OperatorEntry>(OperatorKey(operator_account));
  const std::int64_t penalty = std::min(entry.bond, parameters.penalty);
  entry.bond -= penalty;
  state.Put(OperatorKey(operator_account), entry);
  Move(Purse::kBond, Purse::kBalance, penalty, state);
  Credit(parameters.treasury, penalty, state);
}

std::int64_t EndOf(const TaskTerms& terms, const Parameters& parameters) {
  return terms.score_by + parameters.dispute_window + parameters.vote_window + parameters.evidence_window;
}

}  // namespace giot::ledger
