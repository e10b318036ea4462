#include <algorithm>
#include <cstdlib>

#include "server/ledger/state/money.h"
#include "server/ledger/state/parties.h"
#include "server/ledger/state/rules.h"

namespace giot::ledger {
namespace {

Parameters ParametersFrom(const PublicKey& mint, const v1::Genesis& genesis) {
  Parameters parameters{.mint = mint,
                        .treasury = Bytes32(genesis.treasury()),
                        .min_bond = genesis.min_bond_micros(),
                        .penalty = genesis.penalty_micros(),
                        .availability_grace = genesis.availability_grace_us(),
                        .dispute_window = genesis.dispute_window_us(),
                        .vote_window = genesis.vote_window_us(),
                        .evidence_window = genesis.evidence_window_us(),
                        .max_task = genesis.max_task_us(),
                        .threshold = static_cast<std::uint8_t>(genesis.auditor_threshold()),
                        .auditors = {}};
  for (const std::string& auditor : genesis.auditors()) parameters.auditors.push_back(Bytes32(auditor));
  return parameters;
}

bool Has(const std::vector<PublicKey>& keys, const PublicKey& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

v1::Code CheckWithdrawal(const Call& call, const Account& owner, const v1::Withdraw& withdraw) {
  if (!withdraw.from_bond()) {
    const bool enough = AccountOf(owner, call.state).balance >= withdraw.amount_micros();
    return enough ? v1::CODE_OK : v1::CODE_INSUFFICIENT_BALANCE;
  }
  const std::optional<OperatorEntry> entry = call.state.Get<OperatorEntry>(OperatorKey(owner));
  if (!entry) return v1::CODE_UNKNOWN_OPERATOR;
  if (call.now_us <= entry->bond_locked_until) return v1::CODE_BOND_LOCKED;
  return entry->bond >= withdraw.amount_micros() ? v1::CODE_OK : v1::CODE_INSUFFICIENT_BOND;
}

}  // namespace

v1::Code ApplyGenesis(const Call& call, const v1::Genesis& genesis, bool dry) {
  const Parameters parameters = ParametersFrom(call.signer(), genesis);
  if (parameters.mint == parameters.treasury || Has(parameters.auditors, parameters.mint) ||
      Has(parameters.auditors, parameters.treasury)) {
    return v1::CODE_KEY_IN_USE;
  }
  if (dry) return v1::CODE_OK;
  call.state.Put(ParametersKey(), parameters);
  call.state.Put(ChainKey(), Chain{.time = call.now_us});
  call.state.Put(KeyKey(parameters.mint), KeyEntry{.role = v1::KEY_ROLE_MINT});
  Account account{};
  for (const PublicKey& auditor : parameters.auditors) {
    call.state.Put(KeyKey(auditor), KeyEntry{.role = v1::KEY_ROLE_AUDITOR, .account = account});
    ++account[0];
  }
  return v1::CODE_OK;
}

v1::Code ApplyDeposit(const Call& call, const v1::Deposit& deposit, bool dry) {
  if (call.signer() != ParametersOf(call.state).mint) return v1::CODE_NOT_AUTHORIZED;
  const std::optional<Account> account = OwnerOf(Bytes32(deposit.account()), call.state);
  if (!account) return v1::CODE_NOT_AUTHORIZED;
  Chain chain = *call.state.Get<Chain>(ChainKey());
  if (deposit.amount_micros() > kMostMintedMicros - chain.minted) return v1::CODE_SUPPLY_EXCEEDED;
  if (dry) return v1::CODE_OK;
  chain.minted += deposit.amount_micros();
  chain.balances += deposit.amount_micros();
  call.state.Put(ChainKey(), chain);
  Credit(*account, deposit.amount_micros(), call.state);
  return v1::CODE_OK;
}

v1::Code ApplyWithdraw(const Call& call, const v1::Withdraw& withdraw, bool dry) {
  const std::optional<Account> owner = OwnerOf(call.signer(), call.state);
  if (!owner) return v1::CODE_NOT_AUTHORIZED;
  const v1::Code code = CheckWithdrawal(call, *owner, withdraw);
  if (code != v1::CODE_OK || dry) return code;
  const std::int64_t amount = withdraw.amount_micros();
  Chain chain = *call.state.Get<Chain>(ChainKey());
  chain.withdrawn += amount;
  (withdraw.from_bond() ? chain.bonds : chain.balances) -= amount;
  call.state.Put(ChainKey(), chain);
  if (withdraw.from_bond()) {
    OperatorEntry entry = *call.state.Get<OperatorEntry>(OperatorKey(*owner));
    entry.bond -= amount;
    call.state.Put(OperatorKey(*owner), entry);
  } else {
    Debit(*owner, amount, call.state);
  }
  return v1::CODE_OK;
}

}  // namespace giot::ledger
