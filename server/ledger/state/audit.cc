#include "server/ledger/state/audit.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/ledger/state/money.h"

namespace giot::ledger {
namespace {

class Auditor {
 public:
  explicit Auditor(const StateStore& state) : state_(state) {}

  absl::Status Audit() {
    const std::optional<Chain> chain = state_.Get<Chain>(ChainKey());
    const std::optional<Parameters> parameters = state_.Get<Parameters>(ParametersKey());
    if (!chain || !parameters) {
      return state_.size() == 0 ? absl::OkStatus() : absl::InvalidArgumentError("entry C or P is missing");
    }
    if (!Conserved(*chain)) return Broken(ChainKey(), "its totals are not what was minted and not withdrawn");
    absl::Status status = AuditParameters(*parameters);
    state_.Scan("", [&](const std::string& key, const std::string&) {
      if (status.ok()) status = AuditEntry(key);
      return status.ok();
    });
    return status.ok() ? AuditTotals(*chain) : status;
  }

 private:
  static absl::Status Broken(const std::string& key, const std::string& what) {
    return absl::InvalidArgumentError(absl::StrCat("entry ", HexOf(key), ": ", what));
  }

  static Digest IdIn(const std::string& key, std::size_t index = 0) {
    Digest id;
    std::memcpy(id.data(), key.data() + 1 + index * id.size(), id.size());
    return id;
  }

  bool Holds(const PublicKey& key, v1::KeyRole role, const Account& account) const {
    const std::optional<KeyEntry> entry = state_.Get<KeyEntry>(KeyKey(key));
    return entry && entry->role == role && !entry->revoked && entry->account == account;
  }

  absl::Status AuditParameters(const Parameters& parameters) const {
    if (!Holds(parameters.mint, v1::KEY_ROLE_MINT, {}))
      return Broken(ParametersKey(), "its mint's key is not the mint's");
    Account account{};
    for (const PublicKey& auditor : parameters.auditors) {
      if (!Holds(auditor, v1::KEY_ROLE_AUDITOR, account)) return Broken(ParametersKey(), "an auditor's key is not its");
      ++account[0];
    }
    return absl::OkStatus();
  }

  absl::Status AuditEntry(const std::string& key) {
    switch (key[0]) {
      case 'k':
        return AuditKey(key);
      case 'c':
        balances_ += static_cast<std::uint64_t>(state_.Get<AccountEntry>(key)->balance);
        return absl::OkStatus();
      case 'o':
        return AuditOperator(key);
      case 't':
        return state_.Find(FundsKey(IdIn(key))) == nullptr ? Broken(key, "has no funds") : absl::OkStatus();
      case 'u':
        return AuditTask(key);
      case 'a':
        return AuditAcceptance(key);
      default:
        return absl::OkStatus();
    }
  }

  // A key that is not revoked is the one that is named where it serves.
  absl::Status AuditKey(const std::string& key) const {
    const KeyEntry entry = *state_.Get<KeyEntry>(key);
    if (entry.role != v1::KEY_ROLE_OPERATOR && state_.Find(AccountKey(IdIn(key))) != nullptr) {
      return Broken(key, "an account whose owner cannot withdraw");
    }
    if (entry.revoked) return absl::OkStatus();
    if (entry.role == v1::KEY_ROLE_MINT || entry.role == v1::KEY_ROLE_AUDITOR) {
      const Parameters parameters = *state_.Get<Parameters>(ParametersKey());
      const std::size_t index = entry.account[0];
      const bool named = entry.role == v1::KEY_ROLE_MINT
                             ? parameters.mint == IdIn(key)
                             : index < parameters.auditors.size() && parameters.auditors[index] == IdIn(key);
      return named ? absl::OkStatus() : Broken(key, "not the key that the parameters name");
    }
    const std::optional<OperatorEntry> served = state_.Get<OperatorEntry>(OperatorKey(entry.account));
    if (!served) return Broken(key, "serves no operator");
    const PublicKey& named = entry.role == v1::KEY_ROLE_OPERATOR ? served->key : served->checkpoint_key;
    return named == IdIn(key) ? absl::OkStatus() : Broken(key, "not the key that the operator names");
  }

  absl::Status AuditOperator(const std::string& key) {
    const OperatorEntry entry = *state_.Get<OperatorEntry>(key);
    bonds_ += static_cast<std::uint64_t>(entry.bond);
    if (!Holds(entry.key, v1::KEY_ROLE_OPERATOR, IdIn(key))) return Broken(key, "its key is not an operator's");
    if (!Holds(entry.checkpoint_key, v1::KEY_ROLE_CHECKPOINT, IdIn(key))) {
      return Broken(key, "its checkpoint key is not one");
    }
    if (entry.status == OperatorStatus::kSlashed && entry.bond != 0) return Broken(key, "slashed with a bond");
    return absl::OkStatus();
  }

  absl::Status AuditTask(const std::string& key) {
    const TaskFunds funds = *state_.Get<TaskFunds>(key);
    const std::optional<TaskTerms> terms = state_.Get<TaskTerms>(TermsKey(IdIn(key)));
    if (!terms) return Broken(key, "has no terms");
    if (state_.Find(OperatorKey(terms->operator_account)) == nullptr) return Broken(key, "has no operator");
    escrow_ += static_cast<std::uint64_t>(funds.escrow);
    std::int64_t dearest = 1;
    for (const TaskItem& item : terms->menu) dearest = std::max(dearest, item.reward);
    if (funds.escrow / dearest < funds.slots_left) return Broken(key, "its escrow is less than its slots need");
    if (funds.status == TaskStatus::kClosed && (funds.escrow != 0 || funds.slots_left != 0)) {
      return Broken(key, "closed with an escrow or slots");
    }
    return AuditCounts(key, funds);
  }

  absl::Status AuditCounts(const std::string& key, const TaskFunds& funds) const {
    std::uint32_t open = 0;
    std::uint32_t all = 0;
    std::string prefix = key;
    prefix[0] = 'a';
    state_.Scan(prefix, [&](const std::string& other, const std::string&) {
      if (!other.starts_with(prefix)) return false;
      ++all;
      if (!IsFinal(state_.Get<Acceptance>(other)->status)) ++open;
      return true;
    });
    if (funds.open != open) return Broken(key, absl::StrCat(funds.open, " open acceptances, there are ", open));
    if (funds.acceptances != all) return Broken(key, absl::StrCat(funds.acceptances, " acceptances, there are ", all));
    return absl::OkStatus();
  }

  absl::Status AuditAcceptance(const std::string& key) {
    const Acceptance entry = *state_.Get<Acceptance>(key);
    reserves_ += static_cast<std::uint64_t>(entry.reserve);
    deposits_ += static_cast<std::uint64_t>(entry.deposit);
    if (state_.Find(AccountKey(IdIn(key, 1))) == nullptr) return Broken(key, "its vehicle has no account");
    const std::optional<TaskTerms> terms = state_.Get<TaskTerms>(TermsKey(IdIn(key)));
    if (!terms || entry.item >= terms->menu.size()) return Broken(key, "its task or item is not there");
    const bool final = IsFinal(entry.status);
    if (entry.reserve != (final ? 0 : terms->menu[entry.item].reward))
      return Broken(key, "its reserve is not its item's");
    if (entry.deposit != (final ? 0 : terms->deposit)) return Broken(key, "its deposit is not its task's");
    if (final && entry.deadline != 0) return Broken(key, "final with a deadline");
    if ((entry.to_pay & ~entry.voted) != 0) return Broken(key, "a vote to pay by who has not voted");
    return absl::OkStatus();
  }

  absl::Status AuditTotals(const Chain& chain) const {
    const auto is = [](std::uint64_t sum, std::int64_t total) { return sum == static_cast<std::uint64_t>(total); };
    if (!is(balances_, chain.balances) || !is(escrow_, chain.escrow) || !is(reserves_, chain.reserves) ||
        !is(deposits_, chain.deposits) || !is(bonds_, chain.bonds)) {
      return Broken(ChainKey(), "its totals are not the sums over the entries");
    }
    return absl::OkStatus();
  }

  const StateStore& state_;
  std::uint64_t balances_ = 0;  // Unsigned, so that no file makes a sum overflow.
  std::uint64_t escrow_ = 0;
  std::uint64_t reserves_ = 0;
  std::uint64_t deposits_ = 0;
  std::uint64_t bonds_ = 0;
};

}  // namespace

absl::Status AuditState(const StateStore& state) { return Auditor(state).Audit(); }

}  // namespace giot::ledger
