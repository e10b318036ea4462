#include "tests/server/ledger/state/simulation.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "gtest/gtest.h"
#include "server/ledger/proof/fields.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/state/audit.h"
#include "tests/server/ledger/state/test_ledger.h"

namespace giot::ledger {
namespace {

const std::string kNoSignature(sizeof(Signature), '\0');

constexpr int kNobodies = 6;
constexpr int kVehicles = 30;

std::string NameOfVehicle(std::int64_t number) { return "vehicle " + std::to_string(number); }

std::string NameOfNobody(std::int64_t number) { return "nobody " + std::to_string(number); }

std::vector<std::string> VehiclesOf(const StateStore& state, const TaskId& task) {
  const std::string prefix = AcceptanceKey(task, {}).substr(0, 1 + sizeof(TaskId));
  std::vector<std::string> vehicles;
  state.Scan(prefix, [&](const std::string& key, const std::string&) {
    if (!key.starts_with(prefix)) return false;
    vehicles.push_back(key.substr(prefix.size()));
    return true;
  });
  return vehicles;
}

}  // namespace

Simulation::Simulation(std::uint64_t seed) : random_(seed), mint_(Known("mint")) {
  for (int i = 0; i < 5; ++i) auditors_.push_back(Known("auditor " + std::to_string(i)));
  for (int i = 0; i < 3; ++i) {
    accounts_.push_back(Fresh("operator"));
    checkpoints_.push_back(Fresh("checkpoint"));
  }
  operators_ = accounts_;
  for (int i = 0; i < kNobodies; ++i) Known(NameOfNobody(i));
  for (int i = 0; i < kVehicles; ++i) Known(NameOfVehicle(i));
  Known("treasury");
}

const std::string& Simulation::Known(const std::string& name) { return names_[PublicNamed(name)] = name; }

void Simulation::Refresh(StateMachine& machine) {
  const std::optional<Parameters> parameters = machine.state().Get<Parameters>(ParametersKey());
  if (!parameters) return;
  mint_ = names_.at(parameters->mint);
  for (std::size_t i = 0; i < auditors_.size(); ++i) auditors_[i] = names_.at(parameters->auditors[i]);
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    const auto entry = machine.state().Get<OperatorEntry>(OperatorKey(PublicNamed(accounts_[i])));
    if (entry) operators_[i] = names_.at(entry->key);
    if (entry) checkpoints_[i] = names_.at(entry->checkpoint_key);
  }
}

OpenedTransaction Simulation::Genesis() {
  Signed made{"mint", GenesisBody()};
  v1::Genesis& genesis = *made.body.mutable_genesis();
  genesis.clear_auditors();
  for (const std::string& auditor : auditors_) genesis.add_auditors(Bytes(PublicNamed(auditor)));
  genesis.set_auditor_threshold(3);
  genesis.set_availability_grace_us(2 * kSecond);
  genesis.set_dispute_window_us(3 * kSecond);
  genesis.set_vote_window_us(4 * kSecond);
  genesis.set_evidence_window_us(5 * kSecond);
  genesis.set_max_task_us(60 * kSecond);
  return Open(made, kStart);
}

OpenedTransaction Simulation::Open(const Signed& made, std::int64_t now_us) {
  OpenedTransaction opened;
  opened.signer = PublicNamed(made.signer);
  opened.body = made.body;
  opened.body.set_chain_id(kTestChain);
  opened.body.set_signer(Bytes(opened.signer));
  std::string nonce(kNonceBytes, '\0');
  ++nonces_;
  std::memcpy(nonce.data(), &nonces_, sizeof nonces_);
  opened.body.set_nonce(nonce);
  opened.body.set_expires_us(now_us + Up(20 * kSecond));
  if (OneIn(100)) opened.body.set_expires_us(now_us + (OneIn(2) ? -1 : kMostExpiryUs + 1));
  opened.envelope = kNoSignature + CanonicalBytes(opened.body);
  opened.id = TransactionId(opened.envelope);
  return opened;
}

OpenedTransaction Simulation::Next(StateMachine& machine, std::int64_t now_us) {
  Refresh(machine);
  Signed made = Make(machine, now_us);
  if (OneIn(50)) made.signer = Anybody();
  const OpenedTransaction opened = Open(made, now_us);
  if (opened.body.has_publish_task()) {
    tasks_.push_back(opened.id);
    published_[opened.id] = opened.body.publish_task();
  }
  return opened;
}

std::string Simulation::Vehicle() { return NameOfVehicle(Up(kVehicles - 1)); }

std::string Simulation::Anybody() {
  switch (Up(6)) {
    case 0:
      return mint_;
    case 1:
      return Any(auditors_);
    case 2:
      return Any(operators_);
    case 3:
      return Any(checkpoints_);
    case 4:
      return retired_.empty() ? "treasury" : Any(retired_);
    case 5:
      return NameOfNobody(Up(kNobodies - 1));
    default:
      return Vehicle();
  }
}

Simulation::Signed Simulation::Make(StateMachine& machine, std::int64_t now_us) {
  const std::int64_t kind = Up(99);
  if (kind < 10) return Money();
  if (kind < 14) return Keys(machine, now_us);
  if (kind < 20 || tasks_.empty()) return {Any(operators_), Publication(now_us)};
  return OnTask(machine, now_us);
}

Simulation::Signed Simulation::Money() {
  const std::string account = OneIn(3) ? Any(operators_) : Vehicle();
  const std::int64_t amount = OneIn(50) ? kMostAmountMicros : 1 + Up(2'000);
  if (!OneIn(4)) return {mint_, DepositBody(OneIn(20) ? Anybody() : account, amount)};
  return {account, WithdrawBody(1 + Up(500), OneIn(3))};
}

void Simulation::Approve(google::protobuf::RepeatedPtrField<v1::KeySignature>& list) {
  std::set<std::string> keys;
  const std::int64_t count = 3 + Up(2) - (OneIn(4) ? 2 : 0);
  for (std::int64_t i = 0; i < count; ++i)
    keys.insert(Bytes(PublicNamed(OneIn(20) ? Anybody() : auditors_[static_cast<std::size_t>(i)])));
  for (const std::string& key : keys) {
    v1::KeySignature& approval = *list.Add();
    approval.set_key(key);
    approval.set_signature(kNoSignature);
  }
}

Simulation::Signed Simulation::Keys(StateMachine& machine, std::int64_t now_us) {
  const auto which = static_cast<std::size_t>(Up(static_cast<std::int64_t>(operators_.size()) - 1));
  const std::string name = operators_[which];
  const auto entry = machine.state().Get<OperatorEntry>(OperatorKey(PublicNamed(accounts_[which])));
  if (!entry) {
    if (OneIn(3)) return {mint_, DepositBody(name, 50'000)};
    return Registration(which, now_us);
  }
  if (entry->status == OperatorStatus::kSlashed && OneIn(2)) {
    retired_.push_back(name);
    accounts_[which] = operators_[which] = Fresh("operator");
    checkpoints_[which] = Fresh("checkpoint");
    return {mint_, DepositBody(operators_[which], 50'000)};
  }
  if (OneIn(2)) return {name, TopUpBody(1 + Up(2'000))};
  if (OneIn(10)) return {Vehicle(), Contradiction(accounts_[which], name)};
  return Rotation(machine, now_us);
}

Simulation::Signed Simulation::Registration(std::size_t which, std::int64_t now_us) {
  if (OneIn(3)) checkpoints_[which] = Fresh("checkpoint");  // The former may have got an account.
  Signed made{operators_[which], {}};
  v1::RegisterOperator& registration = *made.body.mutable_register_operator();
  registration.set_checkpoint_key(Bytes(PublicNamed(OneIn(20) ? Anybody() : checkpoints_[which])));
  registration.set_checkpoint_possession(kNoSignature);
  registration.set_bond_micros(900 + Up(2'000));
  registration.set_approve_by_us(now_us + Up(9) - 1);
  Approve(*registration.mutable_approvals());
  return made;
}

Simulation::Signed Simulation::Rotation(StateMachine& machine, std::int64_t now_us) {
  const auto role = static_cast<v1::KeyRole>(1 + Up(3));
  const auto which = static_cast<std::size_t>(Up(static_cast<std::int64_t>(operators_.size()) - 1));
  const auto auditor = static_cast<std::size_t>(Up(4));
  const std::string& present = role == v1::KEY_ROLE_OPERATOR     ? operators_[which]
                               : role == v1::KEY_ROLE_CHECKPOINT ? checkpoints_[which]
                               : role == v1::KEY_ROLE_AUDITOR    ? auditors_[auditor]
                                                                 : mint_;
  const std::string old_name = !retired_.empty() && OneIn(10) ? Any(retired_) : present;
  const std::string new_name = OneIn(10) ? Anybody() : Fresh("later key");
  const std::optional<KeyEntry> old_key = machine.state().Get<KeyEntry>(KeyKey(PublicNamed(old_name)));
  retired_.push_back(old_name);
  if (retired_.size() > 20) retired_.erase(retired_.begin());
  Signed made{old_name, RotateBody(role, old_name, new_name, old_key ? old_key->account : Account{})};
  if (OneIn(3)) {
    made.signer = Vehicle();
    made.body.mutable_rotate_key()->set_approve_by_us(now_us + Up(9) - 1);
    Approve(*made.body.mutable_rotate_key()->mutable_approvals());
  }
  return made;
}

v1::Body Simulation::Contradiction(const std::string& account, const std::string& signer) {
  v1::Body body;
  v1::Evidence& evidence = *body.mutable_evidence();
  evidence.set_kind(v1::EVIDENCE_KIND_RECEIPTS);
  evidence.set_operator_account(Bytes(PublicNamed(account)));
  v1::SignedReceipt receipt;
  receipt.mutable_receipt()->set_operator_key(Bytes(PublicNamed(OneIn(4) ? Anybody() : signer)));
  receipt.mutable_receipt()->set_signature(kNoSignature);
  receipt.set_task(Bytes(Sha256({"task"})));
  receipt.set_vehicle(Bytes(PublicNamed(NameOfVehicle(0))));
  receipt.set_data_digest(Bytes(Sha256({"one"})));
  evidence.set_first(CanonicalBytes(receipt));
  receipt.set_data_digest(Bytes(Sha256({"other"})));
  evidence.set_second(CanonicalBytes(receipt));
  return body;
}

v1::Body Simulation::Publication(std::int64_t now_us) {
  v1::Body body = PublishBody(now_us);
  v1::PublishTask& task = *body.mutable_publish_task();
  if (OneIn(3)) {
    v1::Item& item = *task.add_menu();
    item.set_quality_micros(static_cast<int>(1 + Up(999'999)));
    item.set_reward_micros(1 + Up(300));
    item.set_update_rate_micros(static_cast<int>(Up(1'000'000)));
  }
  if (OneIn(50)) task.mutable_menu(0)->set_reward_micros(kMostAmountMicros);
  task.set_slots(static_cast<int>(1 + Up(5)));
  task.set_accept_by_us(now_us + Up(6 * kSecond));
  task.set_submit_by_us(task.accept_by_us() + 1 + Up(8 * kSecond));
  task.set_score_by_us(task.submit_by_us() + 1 + Up(15 * kSecond));
  task.set_deposit_micros(Up(100));
  task.set_delta_micros(static_cast<int>(Up(20'000)));
  task.set_allowance_micros(static_cast<int>(Up(10'000)));
  task.set_min_reputation_micros(static_cast<int>(Up(400'000)));
  return body;
}

Simulation::Signed Simulation::OnTask(StateMachine& machine, std::int64_t now_us) {
  const auto which = static_cast<std::size_t>(Up(static_cast<std::int64_t>(tasks_.size()) - 1));
  const TaskId task = tasks_[which];
  const std::optional<TaskTerms> terms = machine.state().Get<TaskTerms>(TermsKey(task));
  if (!terms && !OneIn(10)) {  // Refused or over.
    published_.erase(task);
    tasks_.erase(tasks_.begin() + static_cast<std::ptrdiff_t>(which));
    return {Vehicle(), SettleBody(task)};
  }
  const bool may_accept = terms && now_us <= terms->accept_by;
  if (may_accept ? OneIn(2) : OneIn(20)) {
    v1::Body body = AcceptBody(task, static_cast<int>(Up(2)), published_[task]);
    if (OneIn(20)) body.mutable_accept()->set_menu_digest(Bytes(Sha256({"another"})));
    return {OneIn(30) ? Anybody() : Vehicle(), std::move(body)};
  }
  if (OneIn(8)) return {Anybody(), SettleBody(task)};
  return OnAcceptance(machine, task);
}

Simulation::Signed Simulation::OnAcceptance(StateMachine& machine, const TaskId& task) {
  const std::vector<std::string> keys = VehiclesOf(machine.state(), task);
  std::string vehicle = Vehicle();
  if (keys.empty() && !OneIn(20)) return {vehicle, SettleBody(task)};
  if (!keys.empty() && !OneIn(20)) {
    PublicKey key{};
    FromBytes(Any(keys), key);
    vehicle = names_.at(key);
  }
  const std::optional<Acceptance> acceptance =
      machine.state().Get<Acceptance>(AcceptanceKey(task, PublicNamed(vehicle)));
  std::int64_t action = acceptance ? static_cast<std::int64_t>(acceptance->status) : 1 + Up(4);
  if (OneIn(10)) action = 1 + Up(4);
  if (OneIn(6)) action = 5;
  const std::optional<TaskTerms> terms = machine.state().Get<TaskTerms>(TermsKey(task));
  std::string operator_name = Any(operators_);
  for (const std::string& name : operators_) {
    const std::optional<KeyEntry> key = machine.state().Get<KeyEntry>(KeyKey(PublicNamed(name)));
    if (key && terms && key->account == terms->operator_account && !OneIn(20)) operator_name = name;
  }
  switch (action) {
    case 1: {
      v1::Body body;
      v1::Submit& submit = *body.mutable_submit();
      submit.set_task(Bytes(task));
      submit.set_data_digest(Bytes(Sha256({vehicle})));
      if (OneIn(3)) {
        Approve(*submit.mutable_availability());
      } else {
        submit.mutable_receipt()->set_operator_key(Bytes(PublicNamed(operator_name)));
        submit.mutable_receipt()->set_signature(kNoSignature);
      }
      return {vehicle, std::move(body)};
    }
    case 2:
      return {operator_name, ScoreBody(task, vehicle, static_cast<int>(Up(1'000'000)))};
    case 3:
      return {vehicle, DisputeBody(task)};
    case 4:
      return {Any(auditors_), ResolveBody(task, vehicle, static_cast<int>(Up(1'000'000)))};
    default:
      return {Vehicle(), SettleBody(task, vehicle)};
  }
}

void Watch::After(v1::Code code, StateMachine& machine) {
  ++codes[code];
  int changes = 0;
  machine.state().TakeChanges([&](const std::string& key, const std::string* value) {
    ++changes;
    AfterChange(key, value);
  });
  EXPECT_EQ(changes > 0, code == v1::CODE_OK) << v1::Code_Name(code);
}

void Watch::AfterChange(const std::string& key, const std::string* value) {
  if (key[0] == 'u') {
    TaskFunds funds;
    if (value == nullptr) {
      locked_.erase(key);
    } else if (Decode(*value, funds)) {
      locked_.emplace(key, funds.escrow);
    }
  }
  if (key[0] != 'a') return;
  const auto known = statuses_.find(key);
  if (value == nullptr) {
    ASSERT_TRUE(known != statuses_.end() && IsFinal(known->second)) << "erased before it was final";
    statuses_.erase(known);
    return;
  }
  Acceptance acceptance;
  ASSERT_TRUE(Decode(*value, acceptance));
  if (known != statuses_.end()) {
    EXPECT_FALSE(IsFinal(known->second)) << "a final acceptance changed";
    EXPECT_GE(acceptance.status, known->second);
  }
  statuses_[key] = acceptance.status;
}

void Watch::Audit(StateMachine& machine) {
  const absl::Status status = AuditState(machine.state());
  EXPECT_TRUE(status.ok()) << status;
  for (const auto& [key, locked] : locked_) {
    std::int64_t held = machine.state().Get<TaskFunds>(key)->escrow;
    std::string prefix = key;
    prefix[0] = 'a';
    machine.state().Scan(prefix, [&](const std::string& other, const std::string&) {
      if (!other.starts_with(prefix)) return false;
      held += machine.state().Get<Acceptance>(other)->reserve;
      return true;
    });
    EXPECT_LE(held, locked);
  }
}

std::map<v1::Code, int> RunWatched(std::uint64_t seed, int transactions) {
  Simulation simulation(seed);
  Watch watch;
  StateMachine machine(kTestChain);
  std::int64_t now = kStart;
  machine.Begin(0, now);
  watch.After(machine.Apply(simulation.Genesis()), machine);
  machine.End();
  std::optional<OpenedTransaction> earlier;
  std::uint64_t height = 1;
  for (int done = 0; done < transactions && !testing::Test::HasFailure(); ++height) {
    now += simulation.OneIn(3) ? 0 : simulation.Up(kSecond / 2);
    machine.TakeBlock();
    machine.state().TakeChanges([](const std::string&, const std::string*) {});  // The chain entry's, of End.
    machine.Begin(height, now);
    for (std::int64_t i = simulation.Up(20); i > 0; --i, ++done) {
      const OpenedTransaction next = earlier && simulation.OneIn(100) ? *earlier : simulation.Next(machine, now);
      if (simulation.OneIn(100)) {
        // That the simulation makes nothing but what OpenTransaction would let through, if it were signed.
        const v1::Code fields = CheckFields(kTestChain, next.body);
        EXPECT_TRUE(fields == v1::CODE_OK || fields == v1::CODE_BAD_INNER_SIGNATURE) << v1::Code_Name(fields);
        earlier = next;
      }
      watch.After(machine.Apply(next), machine);
    }
    machine.End();
    if (height % 1'000 == 0) watch.Audit(machine);
  }
  watch.Audit(machine);
  return watch.codes;
}

}  // namespace giot::ledger
