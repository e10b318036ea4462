#include "server/ledger/state/rules.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/server/ledger/state/test_ledger.h"

namespace giot::ledger {
namespace {

// A transaction and the state that it meets; right until a test damages either.
struct Scene {
  std::unique_ptr<TestLedger> ledger;
  std::string signer;
  v1::Body body;
  TaskId task{};
  std::uint64_t height = 100;
  std::int64_t now = 0;

  StateStore& state() { return ledger->state(); }
  template <typename Entry>
  void Edit(const std::string& key, const std::function<void(Entry&)>& edit) {
    Entry entry = state().Get<Entry>(key).value();
    edit(entry);
    state().Put(key, entry);
  }
  void EditCar(const std::function<void(Acceptance&)>& edit) {
    Edit<Acceptance>(AcceptanceKey(task, PublicNamed("car")), edit);
  }
  void SetBalance(std::string_view name, std::int64_t balance) {
    AccountEntry entry = ledger->AccountNamed(name);
    entry.balance = balance;
    state().Put(AccountKey(PublicNamed(name)), entry);
  }
  void RevokeKey(std::string_view name) {
    KeyEntry entry =
        state().Get<KeyEntry>(KeyKey(PublicNamed(name))).value_or(KeyEntry{v1::KEY_ROLE_OPERATOR, false, {}});
    entry.revoked = true;
    state().Put(KeyKey(PublicNamed(name)), entry);
  }
};

Scene SceneOf(std::unique_ptr<TestLedger> ledger, std::string signer, v1::Body body, const TaskId& task = {}) {
  const std::int64_t now = ledger->now();
  return {std::move(ledger), std::move(signer), std::move(body), task, 100, now};
}

// A way of breaking one rule.
struct Breach {
  const char* name;
  v1::Code code;
  std::function<void(Scene&)> commit;
};

v1::Code CodeOf(Scene& scene) {
  scene.body.set_expires_us(scene.now + kSecond);
  const OpenedTransaction transaction = scene.ledger->Prepare(scene.signer, scene.body);
  EXPECT_EQ(v1::Code_Name(transaction.envelope_code), "CODE_OK");
  EXPECT_EQ(v1::Code_Name(transaction.field_code), "CODE_OK");
  const Call call{transaction, scene.height, scene.now, scene.state()};
  const auto before = EntriesOf(scene.state());
  const v1::Code checked = CheckRules(call);
  EXPECT_EQ(EntriesOf(scene.state()), before) << "a check changed the state";
  const v1::Code applied = ApplyRules(call);
  EXPECT_EQ(v1::Code_Name(checked), v1::Code_Name(applied));
  EXPECT_EQ(EntriesOf(scene.state()) == before, applied != v1::CODE_OK);
  return applied;
}

// `breaches` in the order of the rules. Each gives its code, also when every later rule is broken too.
void ExpectRules(const std::function<Scene()>& right, std::vector<Breach> breaches) {
  breaches.insert(
      breaches.begin(),
      {{"before Genesis", v1::CODE_GENESIS_MISPLACED, [](Scene& scene) { scene.state().Erase(ParametersKey()); }},
       {"revoked key", v1::CODE_KEY_REVOKED, [](Scene& scene) { scene.RevokeKey(scene.signer); }}});
  {
    Scene scene = right();
    EXPECT_EQ(v1::Code_Name(CodeOf(scene)), "CODE_OK");
  }
  for (std::size_t i = 0; i < breaches.size(); ++i) {
    SCOPED_TRACE(breaches[i].name);
    Scene alone = right();
    breaches[i].commit(alone);
    EXPECT_EQ(v1::Code_Name(CodeOf(alone)), v1::Code_Name(breaches[i].code)) << "alone";
    Scene with_later = right();
    for (std::size_t j = breaches.size(); j-- > i;) breaches[j].commit(with_later);
    EXPECT_EQ(v1::Code_Name(CodeOf(with_later)), v1::Code_Name(breaches[i].code)) << "with later ones";
  }
}

void ExpectCode(Scene scene, v1::Code code) { EXPECT_EQ(v1::Code_Name(CodeOf(scene)), v1::Code_Name(code)); }

std::unique_ptr<TestLedger> NewLedger() { return std::make_unique<TestLedger>(); }

void EraseAcceptance(Scene& scene) { scene.state().Erase(AcceptanceKey(scene.task, PublicNamed("car"))); }
std::function<void(Scene&)> Status(AcceptanceStatus status) {
  return [status](Scene& scene) { scene.EditCar([&](Acceptance& entry) { entry.status = status; }); };
}
void PassDeadline(Scene& scene) {
  scene.EditCar([&](Acceptance& entry) { entry.deadline = scene.now - 1; });
}
void Slash(Scene& scene) {
  scene.Edit<OperatorEntry>(OperatorKey(PublicNamed("operator")),
                            [](OperatorEntry& entry) { entry.status = OperatorStatus::kSlashed; });
}
std::function<void(Scene&)> SignedBy(const char* name) {
  return [name](Scene& scene) { scene.signer = name; };
}

TEST(RulesTest, GenesisIsTheFirstInBlock0AtItsOwnTime) {
  const OpenedTransaction genesis = TestLedger().Prepare("mint", GenesisBody());
  const auto code = [&](std::uint64_t height, std::int64_t now, StateStore& state) {
    return v1::Code_Name(ApplyRules({genesis, height, now, state}));
  };
  StateStore state;
  EXPECT_EQ(code(1, kStart, state), "CODE_GENESIS_MISPLACED");
  EXPECT_EQ(code(0, kStart + 1, state), "CODE_GENESIS_MISPLACED");
  EXPECT_EQ(state.size(), 0u);
  EXPECT_EQ(code(0, kStart, state), "CODE_OK");
  EXPECT_EQ(state.size(), 6u);  // P, C, and the keys of the mint and three auditors.
  EXPECT_EQ(code(0, kStart, state), "CODE_GENESIS_MISPLACED");
}

TEST(RulesTest, GenesisWantsDifferentKeys) {
  const auto code = [](const char* signer, const char* treasury) {
    v1::Body body = GenesisBody();
    body.mutable_genesis()->set_treasury(Bytes(PublicNamed(treasury)));
    const OpenedTransaction genesis = TestLedger().Prepare(signer, body);
    StateStore state;
    return v1::Code_Name(ApplyRules({genesis, 0, kStart, state}));
  };
  EXPECT_EQ(code("mint", "mint"), "CODE_KEY_IN_USE");
  EXPECT_EQ(code("auditor 1", "treasury"), "CODE_KEY_IN_USE");
  EXPECT_EQ(code("mint", "auditor 2"), "CODE_KEY_IN_USE");
  EXPECT_EQ(code("mint", "treasury"), "CODE_OK");
}

TEST(RulesTest, Deposit) {
  const auto right = [] { return SceneOf(NewLedger(), "mint", DepositBody("car", 5)); };
  ExpectRules(right, {
                         {"another's signature", v1::CODE_NOT_AUTHORIZED, SignedBy("operator")},
                         {"to a key without account", v1::CODE_NOT_AUTHORIZED,
                          [](Scene& scene) { scene.body = DepositBody("checkpoint", 5); }},
                         {"more than may be minted", v1::CODE_SUPPLY_EXCEEDED,
                          [](Scene& scene) {
                            scene.Edit<Chain>(ChainKey(),
                                              [](Chain& chain) { chain.minted = (std::int64_t{1} << 62) - 4; });
                          }},
                     });
  for (const char* account : {"mint", "auditor 0"}) {
    ExpectCode(SceneOf(NewLedger(), "mint", DepositBody(account, 5)), v1::CODE_NOT_AUTHORIZED);
  }
  Scene revoked = right();
  revoked.RevokeKey("car");
  ExpectCode(std::move(revoked), v1::CODE_NOT_AUTHORIZED);
  Scene last = right();
  last.Edit<Chain>(ChainKey(), [](Chain& chain) { chain.minted = (std::int64_t{1} << 62) - 5; });
  ExpectCode(std::move(last), v1::CODE_OK);
}

TEST(RulesTest, WithdrawFromBalance) {
  ExpectRules(
      [] { return SceneOf(NewLedger(), "car", WithdrawBody(1'000, false)); },
      {
          {"a checkpoint key's", v1::CODE_NOT_AUTHORIZED, SignedBy("checkpoint")},
          {"more than there is", v1::CODE_INSUFFICIENT_BALANCE, [](Scene& scene) { scene.SetBalance("car", 999); }},
      });
  for (const char* signer : {"auditor 0", "mint"}) {
    ExpectCode(SceneOf(NewLedger(), signer, WithdrawBody(1, false)), v1::CODE_NOT_AUTHORIZED);
  }
  ExpectCode(SceneOf(NewLedger(), "never seen", WithdrawBody(1, false)), v1::CODE_INSUFFICIENT_BALANCE);
}

TEST(RulesTest, WithdrawFromBond) {
  const std::string key = OperatorKey(PublicNamed("operator"));
  ExpectRules(
      [] { return SceneOf(NewLedger(), "operator", WithdrawBody(1'000, true)); },
      {
          {"a checkpoint key's", v1::CODE_NOT_AUTHORIZED, SignedBy("checkpoint")},
          {"no operator's", v1::CODE_UNKNOWN_OPERATOR, SignedBy("car")},
          {"locked until now", v1::CODE_BOND_LOCKED,
           [&](Scene& scene) {
             scene.Edit<OperatorEntry>(key, [&](OperatorEntry& entry) { entry.bond_locked_until = scene.now; });
           }},
          {"more than there is", v1::CODE_INSUFFICIENT_BOND,
           [&](Scene& scene) { scene.Edit<OperatorEntry>(key, [](OperatorEntry& entry) { entry.bond = 999; }); }},
      });
  Scene scene = SceneOf(NewLedger(), "operator", WithdrawBody(1'000, true));
  scene.Edit<OperatorEntry>(key, [&](OperatorEntry& entry) { entry.bond_locked_until = scene.now - 1; });
  ExpectCode(std::move(scene), v1::CODE_OK);
}

Scene RegisterScene() {
  Scene scene = SceneOf(NewLedger(), "newcomer", RegisterBody("newcomer", "new checkpoint", 1'000));
  scene.SetBalance("newcomer", 1'000);
  return scene;
}

TEST(RulesTest, RegisterOperator) {
  ExpectRules(RegisterScene,
              {
                  {"signer with a role", v1::CODE_NOT_AUTHORIZED,
                   [](Scene& scene) {
                     scene.state().Put(KeyKey(PublicNamed("newcomer")), KeyEntry{v1::KEY_ROLE_OPERATOR, false, {}});
                   }},
                  {"checkpoint key with an account", v1::CODE_KEY_IN_USE,
                   [](Scene& scene) { scene.SetBalance("new checkpoint", 0); }},
                  {"approvals lapsed", v1::CODE_TOO_LATE,
                   [](Scene& scene) { scene.now = scene.body.register_operator().approve_by_us() + 1; }},
                  {"an approving auditor revoked", v1::CODE_NOT_ENOUGH_APPROVALS,
                   [](Scene& scene) { scene.RevokeKey("auditor 1"); }},
                  {"bond below the least", v1::CODE_INSUFFICIENT_BOND,
                   [](Scene& scene) {
                     scene.Edit<Parameters>(ParametersKey(), [](Parameters& entry) { entry.min_bond = 1'001; });
                   }},
                  {"balance below the bond", v1::CODE_INSUFFICIENT_BALANCE,
                   [](Scene& scene) { scene.SetBalance("newcomer", 999); }},
              });
  Scene by_the_last_moment = RegisterScene();
  by_the_last_moment.now = by_the_last_moment.body.register_operator().approve_by_us();
  ExpectCode(std::move(by_the_last_moment), v1::CODE_OK);
}

TEST(RulesTest, RegisterOperatorWantsKeysThatServeNothingElse) {
  for (const char* checkpoint : {"checkpoint", "operator", "mint", "auditor 0", "car", "treasury", "newcomer"}) {
    Scene scene = SceneOf(NewLedger(), "newcomer", RegisterBody("newcomer", checkpoint, 1'000));
    scene.SetBalance("newcomer", 1'000);
    SCOPED_TRACE(checkpoint);
    ExpectCode(std::move(scene), v1::CODE_KEY_IN_USE);
  }
  Scene treasury = SceneOf(NewLedger(), "treasury", RegisterBody("treasury", "new checkpoint", 1'000));
  treasury.SetBalance("treasury", 1'000);
  ExpectCode(std::move(treasury), v1::CODE_KEY_IN_USE);
}

TEST(RulesTest, TopUpBond) {
  ExpectRules([] { return SceneOf(NewLedger(), "operator", TopUpBody(100'000)); },
              {
                  {"no operator's", v1::CODE_NOT_AUTHORIZED, SignedBy("checkpoint")},
                  {"slashed", v1::CODE_ALREADY_SLASHED, Slash},
                  {"more than there is", v1::CODE_INSUFFICIENT_BALANCE,
                   [](Scene& scene) { scene.SetBalance("operator", 99'999); }},
              });
}

Scene RotateScene() {
  return SceneOf(
      NewLedger(), "car",
      RotateBody(v1::KEY_ROLE_OPERATOR, "operator", "operator 2", PublicNamed("operator"), {"auditor 0", "auditor 1"}));
}

TEST(RulesTest, RotateKey) {
  const std::string old_key = KeyKey(PublicNamed("operator"));
  ExpectRules(
      RotateScene,
      {
          {"another role", v1::CODE_NOT_AUTHORIZED,
           [&](Scene& scene) {
             scene.Edit<KeyEntry>(old_key, [](KeyEntry& entry) { entry.role = v1::KEY_ROLE_CHECKPOINT; });
           }},
          {"old key revoked", v1::CODE_KEY_REVOKED, [](Scene& scene) { scene.RevokeKey("operator"); }},
          {"new key with an account", v1::CODE_KEY_IN_USE, [](Scene& scene) { scene.SetBalance("operator 2", 0); }},
          {"possession for another account", v1::CODE_BAD_INNER_SIGNATURE,
           [&](Scene& scene) {
             scene.Edit<KeyEntry>(old_key, [](KeyEntry& entry) { entry.account = PublicNamed("car"); });
           }},
          {"approvals lapsed", v1::CODE_TOO_LATE,
           [](Scene& scene) { scene.now = scene.body.rotate_key().approve_by_us() + 1; }},
          {"an approving auditor revoked", v1::CODE_NOT_ENOUGH_APPROVALS,
           [](Scene& scene) { scene.RevokeKey("auditor 1"); }},
      });
}

TEST(RulesTest, RotateKeyWantsAKeyThatServesNothingElse) {
  for (const char* key : {"operator", "checkpoint", "mint", "auditor 0", "car", "treasury"}) {
    SCOPED_TRACE(key);
    ExpectCode(
        SceneOf(NewLedger(), "operator", RotateBody(v1::KEY_ROLE_OPERATOR, "operator", key, PublicNamed("operator"))),
        v1::CODE_KEY_IN_USE);
  }
}

TEST(RulesTest, RotateKeyOfAnUnknownKeyIsRefused) {
  ExpectCode(SceneOf(NewLedger(), "car", RotateBody(v1::KEY_ROLE_OPERATOR, "car", "car 2", PublicNamed("car"))),
             v1::CODE_NOT_AUTHORIZED);
}

TEST(RulesTest, AnAuditorCannotVouchForItsOwnReplacement) {
  Account account{};
  account[0] = 1;
  const auto scene = [&](const std::vector<std::string>& approving) {
    return SceneOf(NewLedger(), "car", RotateBody(v1::KEY_ROLE_AUDITOR, "auditor 1", "auditor 3", account, approving));
  };
  ExpectCode(scene({"auditor 0", "auditor 1"}), v1::CODE_NOT_ENOUGH_APPROVALS);
  ExpectCode(scene({"auditor 0", "auditor 2"}), v1::CODE_OK);
  ExpectCode(scene({"auditor 0", "car"}), v1::CODE_NOT_ENOUGH_APPROVALS);
}

Scene PublishScene() {
  auto ledger = NewLedger();
  v1::Body body = PublishBody(ledger->now());
  return SceneOf(std::move(ledger), "operator", std::move(body));
}

TEST(RulesTest, PublishTask) {
  const std::string key = OperatorKey(PublicNamed("operator"));
  ExpectRules(
      PublishScene,
      {
          {"no operator's", v1::CODE_NOT_AUTHORIZED, SignedBy("car")},
          {"slashed", v1::CODE_ALREADY_SLASHED, Slash},
          {"bond below the least", v1::CODE_INSUFFICIENT_BOND,
           [&](Scene& scene) { scene.Edit<OperatorEntry>(key, [](OperatorEntry& entry) { entry.bond = 999; }); }},
          {"nobody can accept in time", v1::CODE_BAD_DEADLINES,
           [](Scene& scene) { scene.now = scene.body.publish_task().accept_by_us(); }},
          {"an escrow beyond any amount", v1::CODE_AMOUNT_OUT_OF_RANGE,
           [](Scene& scene) {
             scene.body.mutable_publish_task()->mutable_menu(0)->set_reward_micros(kMostAmountMicros / 2 + 1);
           }},
          {"balance below the escrow", v1::CODE_INSUFFICIENT_BALANCE,
           [](Scene& scene) { scene.SetBalance("operator", 399); }},
      });
  Scene just_enough = PublishScene();
  just_enough.SetBalance("operator", 400);
  ExpectCode(std::move(just_enough), v1::CODE_OK);
}

TEST(RulesTest, PublishTaskLeavesTimeForAuditorsAndEndsInTime) {
  const auto code = [](std::int64_t submit_by, std::int64_t score_by) {
    Scene scene = PublishScene();
    scene.body.mutable_publish_task()->set_submit_by_us(scene.now + submit_by);
    scene.body.mutable_publish_task()->set_score_by_us(scene.now + score_by);
    return v1::Code_Name(CodeOf(scene));
  };
  EXPECT_EQ(code(200 * kSecond, 210 * kSecond), "CODE_BAD_DEADLINES");
  EXPECT_EQ(code(200 * kSecond, 210 * kSecond + 1), "CODE_OK");
  EXPECT_EQ(code(200 * kSecond, 1'000 * kSecond), "CODE_OK");
  EXPECT_EQ(code(200 * kSecond, 1'000 * kSecond + 1), "CODE_BAD_DEADLINES");
}

TEST(RulesTest, TheLargestEscrowDoesNotOverflow) {
  Scene scene = PublishScene();
  scene.body.mutable_publish_task()->set_slots(100'000);
  scene.body.mutable_publish_task()->mutable_menu(0)->set_reward_micros(kMostAmountMicros);
  ExpectCode(std::move(scene), v1::CODE_AMOUNT_OUT_OF_RANGE);
}

Scene AcceptScene() {
  auto ledger = NewLedger();
  const v1::Body published = PublishBody(ledger->now());
  const TaskId task = ledger->Publish(published);
  return SceneOf(std::move(ledger), "car", AcceptBody(task, 1, published.publish_task()), task);
}

TEST(RulesTest, Accept) {
  ExpectRules(
      AcceptScene,
      {
          {"an operator's key", v1::CODE_NOT_AUTHORIZED, SignedBy("operator")},
          {"no such task", v1::CODE_UNKNOWN_TASK,
           [](Scene& scene) { scene.body.mutable_accept()->set_task(Bytes(Sha256({"another"}))); }},
          {"after accept_by", v1::CODE_TOO_LATE,
           [](Scene& scene) { scene.now = scene.state().Get<TaskTerms>(TermsKey(scene.task))->accept_by + 1; }},
          {"a second time", v1::CODE_DUPLICATE_ACCEPTANCE,
           [](Scene& scene) { scene.state().Put(AcceptanceKey(scene.task, PublicNamed("car")), Acceptance{}); }},
          {"all slots taken", v1::CODE_NO_SLOT,
           [](Scene& scene) {
             scene.Edit<TaskFunds>(FundsKey(scene.task), [](TaskFunds& funds) { funds.slots_left = 0; });
           }},
          {"another menu", v1::CODE_MENU_MISMATCH,
           [](Scene& scene) { scene.body.mutable_accept()->set_menu_digest(Bytes(Sha256({"another"}))); }},
          {"no such item", v1::CODE_NO_SUCH_ITEM, [](Scene& scene) { scene.body.mutable_accept()->set_item(2); }},
          {"reputation too low", v1::CODE_REPUTATION_TOO_LOW,
           [](Scene& scene) {
             scene.Edit<AccountEntry>(AccountKey(PublicNamed("car")),
                                      [](AccountEntry& entry) { entry.reputation = 99'999; });
           }},
          {"balance below the deposit", v1::CODE_INSUFFICIENT_BALANCE,
           [](Scene& scene) { scene.SetBalance("car", 49); }},
      });
  Scene at_the_edge = AcceptScene();
  at_the_edge.now = at_the_edge.state().Get<TaskTerms>(TermsKey(at_the_edge.task))->accept_by;
  at_the_edge.Edit<AccountEntry>(AccountKey(PublicNamed("car")),
                                 [](AccountEntry& entry) { entry = {.balance = 50, .reputation = 100'000}; });
  ExpectCode(std::move(at_the_edge), v1::CODE_OK);
}

Scene SubmitScene() {
  auto ledger = NewLedger();
  const TaskId task = ledger->Accepted();
  return SceneOf(std::move(ledger), "car", SubmitBody(task, "car", "data", "operator"), task);
}

TEST(RulesTest, SubmitWithAReceipt) {
  ExpectRules(
      SubmitScene,
      {
          {"no acceptance", v1::CODE_UNKNOWN_ACCEPTANCE, EraseAcceptance},
          {"submitted already", v1::CODE_WRONG_STATUS, Status(AcceptanceStatus::kSubmitted)},
          {"after submit_by", v1::CODE_TOO_LATE,
           [](Scene& scene) { scene.now = scene.state().Get<TaskTerms>(TermsKey(scene.task))->submit_by + 1; }},
          {"receipt by a former key", v1::CODE_NOT_AUTHORIZED, [](Scene& scene) { scene.RevokeKey("operator"); }},
      });
  Scene at_the_edge = SubmitScene();
  at_the_edge.now = at_the_edge.state().Get<TaskTerms>(TermsKey(at_the_edge.task))->submit_by;
  ExpectCode(std::move(at_the_edge), v1::CODE_OK);
  Scene strangers = SubmitScene();
  strangers.body = SubmitBody(strangers.task, "car", "data", "checkpoint");
  ExpectCode(std::move(strangers), v1::CODE_NOT_AUTHORIZED);
}

TEST(RulesTest, SubmitWithWhatAuditorsSay) {
  const auto right = [] {
    Scene scene = SubmitScene();
    scene.body = AvailableBody(scene.task, "car", "data", {"auditor 0", "auditor 2"});
    scene.now = scene.state().Get<TaskTerms>(TermsKey(scene.task))->submit_by + 10 * kSecond;
    return scene;
  };
  ExpectRules(right, {
                         {"no acceptance", v1::CODE_UNKNOWN_ACCEPTANCE, EraseAcceptance},
                         {"submitted already", v1::CODE_WRONG_STATUS, Status(AcceptanceStatus::kSubmitted)},
                         {"after the grace", v1::CODE_TOO_LATE, [](Scene& scene) { ++scene.now; }},
                         {"too few auditors", v1::CODE_NOT_ENOUGH_APPROVALS,
                          [](Scene& scene) { scene.RevokeKey("auditor 2"); }},
                     });
}

Scene ScoreScene() {
  auto ledger = NewLedger();
  const TaskId task = ledger->Submitted();
  return SceneOf(std::move(ledger), "operator", ScoreBody(task, "car", 900'000), task);
}

TEST(RulesTest, Score) {
  ExpectRules(ScoreScene, {
                              {"no acceptance", v1::CODE_UNKNOWN_ACCEPTANCE, EraseAcceptance},
                              {"not the operator's", v1::CODE_NOT_AUTHORIZED, SignedBy("checkpoint")},
                              {"nothing submitted", v1::CODE_WRONG_STATUS, Status(AcceptanceStatus::kAccepted)},
                              {"after score_by", v1::CODE_TOO_LATE, PassDeadline},
                          });
}

Scene DisputeScene() {
  auto ledger = NewLedger();
  const TaskId task = ledger->Scored(1);
  return SceneOf(std::move(ledger), "car", DisputeBody(task), task);
}

TEST(RulesTest, Dispute) {
  ExpectRules(DisputeScene, {
                                {"no acceptance", v1::CODE_UNKNOWN_ACCEPTANCE, EraseAcceptance},
                                {"already disputed", v1::CODE_WRONG_STATUS, Status(AcceptanceStatus::kDisputed)},
                                {"after the window", v1::CODE_TOO_LATE, PassDeadline},
                            });
}

Scene ResolveScene() {
  Scene scene = DisputeScene();
  EXPECT_EQ(scene.ledger->Do("car", DisputeBody(scene.task)), v1::CODE_OK);
  scene.signer = "auditor 1";
  scene.body = ResolveBody(scene.task, "car", 900'000);
  return scene;
}

TEST(RulesTest, Resolve) {
  ExpectRules(ResolveScene, {
                                {"no auditor's", v1::CODE_NOT_AUTHORIZED, SignedBy("operator")},
                                {"no acceptance", v1::CODE_UNKNOWN_ACCEPTANCE, EraseAcceptance},
                                {"not disputed", v1::CODE_WRONG_STATUS, Status(AcceptanceStatus::kBelow)},
                                {"after the window", v1::CODE_TOO_LATE, PassDeadline},
                                {"a second vote", v1::CODE_ALREADY_VOTED,
                                 [](Scene& scene) { scene.EditCar([](Acceptance& entry) { entry.voted = 2; }); }},
                            });
}

TEST(RulesTest, SettleAVehicle) {
  for (const auto status : {AcceptanceStatus::kAccepted, AcceptanceStatus::kSubmitted, AcceptanceStatus::kBelow,
                            AcceptanceStatus::kDisputed}) {
    const auto right = [&] {
      Scene scene = DisputeScene();
      Status(status)(scene);
      scene.signer = "bus";
      scene.body = SettleBody(scene.task, "car");
      scene.EditCar([&](Acceptance& entry) { entry.deadline = scene.now - 1; });
      return scene;
    };
    ExpectRules(right,
                {
                    {"no acceptance", v1::CODE_UNKNOWN_ACCEPTANCE, EraseAcceptance},
                    {"at its deadline", v1::CODE_TOO_EARLY,
                     [](Scene& scene) { scene.EditCar([&](Acceptance& entry) { entry.deadline = scene.now; }); }},
                });
  }
}

TEST(RulesTest, SettlePrunesAVehicleWhenNothingCanBeShownAnyMore) {
  const auto right = [] {
    auto ledger = NewLedger();
    const TaskId task = ledger->Scored(900'000);
    Scene scene = SceneOf(std::move(ledger), "bus", SettleBody(task, "car"), task);
    scene.now = scene.state().Get<TaskTerms>(TermsKey(task))->score_by + 90 * kSecond + 1;
    return scene;
  };
  ExpectRules(right, {
                         {"no acceptance", v1::CODE_UNKNOWN_ACCEPTANCE, EraseAcceptance},
                         {"within the windows", v1::CODE_TOO_EARLY, [](Scene& scene) { --scene.now; }},
                     });
}

TEST(RulesTest, SettleATask) {
  const auto open = [] {
    Scene scene = AcceptScene();
    scene.signer = "bus";
    scene.body = SettleBody(scene.task);
    scene.now = scene.state().Get<TaskTerms>(TermsKey(scene.task))->accept_by + 1;
    return scene;
  };
  const auto closed = [&] {
    Scene scene = open();
    scene.Edit<TaskFunds>(FundsKey(scene.task), [](TaskFunds& funds) { funds.status = TaskStatus::kClosed; });
    return scene;
  };
  const auto erase = [](Scene& scene) {
    scene.state().Erase(FundsKey(scene.task));
    scene.state().Erase(TermsKey(scene.task));
  };
  ExpectRules(open, {
                        {"no such task", v1::CODE_UNKNOWN_TASK, erase},
                        {"may still be accepted", v1::CODE_TOO_EARLY, [](Scene& scene) { --scene.now; }},
                    });
  ExpectRules(closed, {
                          {"no such task", v1::CODE_UNKNOWN_TASK, erase},
                          {"with acceptances", v1::CODE_WRONG_STATUS,
                           [](Scene& scene) {
                             scene.Edit<TaskFunds>(FundsKey(scene.task),
                                                   [](TaskFunds& funds) { funds.acceptances = 1; });
                           }},
                      });
}

TEST(RulesTest, Evidence) {
  ExpectRules([] { return SceneOf(NewLedger(), "car", ReceiptEvidence("operator", "operator")); },
              {
                  {"no such operator", v1::CODE_UNKNOWN_OPERATOR,
                   [](Scene& scene) { scene.state().Erase(OperatorKey(PublicNamed("operator"))); }},
                  {"slashed already", v1::CODE_ALREADY_SLASHED, Slash},
                  {"signed by another's key", v1::CODE_NOT_AUTHORIZED,
                   [](Scene& scene) {
                     scene.Edit<KeyEntry>(KeyKey(PublicNamed("operator")),
                                          [](KeyEntry& entry) { entry.account = PublicNamed("car"); });
                   }},
              });
  ExpectCode(SceneOf(NewLedger(), "car", ReceiptEvidence("operator", "checkpoint")), v1::CODE_NOT_AUTHORIZED);
  ExpectCode(SceneOf(NewLedger(), "car", ReceiptEvidence("operator", "bus")), v1::CODE_NOT_AUTHORIZED);
}

}  // namespace
}  // namespace giot::ledger
