// What becomes of money, reputation and keys on each way through a task.
#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/state/audit.h"
#include "server/ledger/state/delivery.h"
#include "server/ledger/state/reputation.h"
#include "tests/server/ledger/state/test_ledger.h"

namespace giot::ledger {
namespace {

constexpr std::uint32_t kRaised = Raised(AccountEntry::kFirstReputation);
constexpr std::uint32_t kLowered = Lowered(AccountEntry::kFirstReputation);

class LifeCycleTest : public testing::Test {
 protected:
  ~LifeCycleTest() override {
    const absl::Status audit = AuditState(ledger_.state());
    EXPECT_TRUE(audit.ok()) << audit;
  }

  std::string Do(std::string_view signer, v1::Body body) { return v1::Code_Name(ledger_.Do(signer, std::move(body))); }
  AcceptanceStatus StatusOf(const TaskId& task) { return ledger_.AcceptanceOf(task).status; }

  // Balances of the operator and the car, the operator's bond, the treasury: before, 100,000, 1,000, 1,000, 0;
  // with a task accepted, 99,600, 950, 1,000, 0, 200 in escrow, 200 in reserve and 50 in deposit.
  void ExpectMoney(std::int64_t operator_balance, std::int64_t car, std::int64_t bond, std::int64_t treasury) {
    EXPECT_EQ(ledger_.BalanceOf("operator"), operator_balance);
    EXPECT_EQ(ledger_.BalanceOf("car"), car);
    EXPECT_EQ(ledger_.Operator().bond, bond);
    EXPECT_EQ(ledger_.BalanceOf("treasury"), treasury);
  }
  void ExpectFinal(const TaskId& task, AcceptanceStatus status) {
    const Acceptance acceptance = ledger_.AcceptanceOf(task);
    EXPECT_EQ(acceptance.status, status);
    EXPECT_EQ(acceptance.reserve, 0);
    EXPECT_EQ(acceptance.deposit, 0);
    EXPECT_EQ(acceptance.deadline, 0);
    EXPECT_EQ(ledger_.FundsOf(task).open, 0u);
    EXPECT_EQ(ledger_.FundsOf(task).acceptances, 1u);
    EXPECT_EQ(ledger_.Totals().reserves, 0);
    EXPECT_EQ(ledger_.Totals().deposits, 0);
  }

  TestLedger ledger_;
};

TEST_F(LifeCycleTest, DepositAndWithdrawal) {
  EXPECT_EQ(Do("mint", DepositBody("car", 500)), "CODE_OK");
  EXPECT_EQ(ledger_.BalanceOf("car"), 1'500);
  EXPECT_EQ(Do("car", WithdrawBody(1'500, false)), "CODE_OK");
  EXPECT_EQ(ledger_.BalanceOf("car"), 0);
  EXPECT_EQ(Do("car", WithdrawBody(1, false)), "CODE_INSUFFICIENT_BALANCE");
  EXPECT_EQ(ledger_.Totals().minted, 103'500);
  EXPECT_EQ(ledger_.Totals().withdrawn, 1'500);
}

TEST_F(LifeCycleTest, PublicationLocksTheEscrowAndTheBond) {
  const TaskId task = ledger_.Publish();
  ExpectMoney(99'600, 1'000, 1'000, 0);
  EXPECT_EQ(ledger_.FundsOf(task).escrow, 400);  // Two slots at the dearer item's 200.
  EXPECT_EQ(ledger_.FundsOf(task).slots_left, 2u);
  const std::int64_t locked_until = ledger_.now() + 390 * kSecond;  // Scored by 300 s, windows of 20, 30 and 40 s.
  EXPECT_EQ(ledger_.Operator().bond_locked_until, locked_until);
  ledger_.WaitUntil(locked_until);
  EXPECT_EQ(Do("operator", WithdrawBody(1'000, true)), "CODE_BOND_LOCKED");
  ledger_.Wait(1);
  EXPECT_EQ(Do("operator", WithdrawBody(1'000, true)), "CODE_OK");
  EXPECT_EQ(ledger_.Operator().bond, 0);
}

TEST_F(LifeCycleTest, AnEarlierTaskDoesNotUnlockTheBond) {
  ledger_.Publish();
  const std::int64_t locked_until = ledger_.Operator().bond_locked_until;
  v1::Body shorter = PublishBody(ledger_.now());
  shorter.mutable_publish_task()->set_score_by_us(ledger_.now() + 250 * kSecond);
  ledger_.Publish(shorter);
  EXPECT_EQ(ledger_.Operator().bond_locked_until, locked_until);
}

TEST_F(LifeCycleTest, AcceptanceReservesTheRewardAndLocksTheDeposit) {
  const TaskId task = ledger_.Accepted();
  ExpectMoney(99'600, 950, 1'000, 0);
  EXPECT_EQ(ledger_.AcceptanceOf(task).reserve, 200);
  EXPECT_EQ(ledger_.AcceptanceOf(task).deposit, 50);
  EXPECT_EQ(ledger_.AcceptanceOf(task).deadline, ledger_.now() + 210 * kSecond);
  const TaskFunds funds = ledger_.FundsOf(task);
  EXPECT_EQ(funds.escrow, 200);
  EXPECT_EQ(funds.slots_left, 1u);
  EXPECT_EQ(funds.open, 1u);
  EXPECT_EQ(funds.acceptances, 1u);
}

TEST_F(LifeCycleTest, AScoreThatReachesTheItemPays) {
  const TaskId task = ledger_.Scored(800'000);  // Just what is asked: delta and allowance are in it.
  ExpectFinal(task, AcceptanceStatus::kPaid);
  ExpectMoney(99'600, 1'200, 1'000, 0);
  EXPECT_EQ(ledger_.AcceptanceOf(task).payable, 800'000u);
  EXPECT_EQ(ledger_.AccountNamed("car").reputation, kRaised);
  EXPECT_EQ(ledger_.AccountNamed("car").fulfilled, 1u);
  EXPECT_EQ(ledger_.AccountNamed("car").failed, 0u);
}

TEST_F(LifeCycleTest, AScoreThatMissesTheItemWaitsForADisputeAndThenRefuses) {
  const TaskId task = ledger_.Scored(799'999);
  EXPECT_EQ(StatusOf(task), AcceptanceStatus::kBelow);
  ExpectMoney(99'600, 950, 1'000, 0);
  const std::int64_t deadline = ledger_.now() + 20 * kSecond;
  EXPECT_EQ(ledger_.AcceptanceOf(task).deadline, deadline);
  ledger_.WaitUntil(deadline + 1);
  EXPECT_EQ(Do("car", DisputeBody(task)), "CODE_TOO_LATE");
  EXPECT_EQ(Do("bus", SettleBody(task, "car")), "CODE_OK");
  ExpectFinal(task, AcceptanceStatus::kRefused);
  ExpectMoney(99'800, 1'000, 1'000, 0);  // The deposit comes back: nobody was cheated.
  EXPECT_EQ(ledger_.AccountNamed("car").reputation, kLowered);
  EXPECT_EQ(ledger_.AccountNamed("car").failed, 1u);
}

TEST_F(LifeCycleTest, SilenceAfterTheDataPaysAndIsPenalised) {
  const TaskId task = ledger_.Submitted();
  ledger_.Wait(300 * kSecond);
  EXPECT_EQ(Do("bus", SettleBody(task, "car")), "CODE_TOO_EARLY");
  EXPECT_EQ(Do("operator", ScoreBody(TaskId{}, "car", 1)), "CODE_UNKNOWN_ACCEPTANCE");
  ledger_.Wait(1);
  EXPECT_EQ(Do("operator", ScoreBody(task, "car", 1)), "CODE_TOO_LATE");
  EXPECT_EQ(Do("bus", SettleBody(task, "car")), "CODE_OK");
  ExpectFinal(task, AcceptanceStatus::kPaid);
  ExpectMoney(99'600, 1'200, 700, 300);
  EXPECT_EQ(ledger_.AccountNamed("car").fulfilled, 1u);
}

TEST_F(LifeCycleTest, APenaltyTakesNoMoreThanTheBond) {
  // Five vehicles are kept waiting: four penalties of 300 would be more than 1,000.
  v1::Body body = PublishBody(ledger_.now());
  body.mutable_publish_task()->set_slots(5);
  body.mutable_publish_task()->set_deposit_micros(0);
  const TaskId task = ledger_.Publish(body);
  const std::int64_t bonds[] = {700, 400, 100, 0, 0};
  for (int i = 0; i < 5; ++i) {
    const std::string vehicle = "vehicle " + std::to_string(i);
    EXPECT_EQ(Do(vehicle, AcceptBody(task, 0, body.publish_task())), "CODE_OK");
    EXPECT_EQ(Do(vehicle, SubmitBody(task, vehicle, "data", "operator")), "CODE_OK");
  }
  ledger_.Wait(301 * kSecond);
  for (int i = 0; i < 5; ++i) {
    const std::string vehicle = "vehicle " + std::to_string(i);
    EXPECT_EQ(Do("bus", SettleBody(task, vehicle)), "CODE_OK");
    EXPECT_EQ(ledger_.Operator().bond, bonds[i]);
    EXPECT_EQ(ledger_.BalanceOf(vehicle), 100);
  }
  EXPECT_EQ(ledger_.BalanceOf("treasury"), 1'000);
  EXPECT_EQ(Do("operator", PublishBody(ledger_.now())), "CODE_INSUFFICIENT_BOND");
}

TEST_F(LifeCycleTest, NoDataForfeitsTheDepositToTheTreasury) {
  const TaskId task = ledger_.Accepted();
  ledger_.Wait(210 * kSecond);
  EXPECT_EQ(Do("operator", SettleBody(task, "car")), "CODE_TOO_EARLY");
  ledger_.Wait(1);
  EXPECT_EQ(Do("operator", SettleBody(task, "car")), "CODE_OK");
  ExpectFinal(task, AcceptanceStatus::kForfeited);
  ExpectMoney(99'800, 950, 1'000, 50);
  EXPECT_EQ(ledger_.AccountNamed("car").reputation, Lowered(kLowered));
  EXPECT_EQ(ledger_.AccountNamed("car").failed, 1u);
}

TEST_F(LifeCycleTest, WhereNoReceiptIsGivenAuditorsVouchForTheData) {
  const TaskId task = ledger_.Accepted();
  ledger_.Wait(210 * kSecond);
  EXPECT_EQ(Do("car", SubmitBody(task, "car", "data", "operator")), "CODE_TOO_LATE");
  EXPECT_EQ(Do("car", AvailableBody(task, "car", "data", {"auditor 1"})), "CODE_NOT_ENOUGH_APPROVALS");
  EXPECT_EQ(Do("car", AvailableBody(task, "car", "data", {"auditor 1", "bus"})), "CODE_NOT_ENOUGH_APPROVALS");
  EXPECT_EQ(Do("car", AvailableBody(task, "car", "data", {"auditor 1", "auditor 2"})), "CODE_OK");
  EXPECT_EQ(StatusOf(task), AcceptanceStatus::kSubmitted);
  EXPECT_EQ(ledger_.AcceptanceOf(task).data, Sha256({"data"}));
  EXPECT_EQ(Do("operator", ScoreBody(task, "car", 900'000)), "CODE_OK");
  ExpectFinal(task, AcceptanceStatus::kPaid);
}

TEST_F(LifeCycleTest, ADigestAloneIsNoSubmission) {
  const TaskId task = ledger_.Accepted();
  v1::Body body = SubmitBody(task, "car", "data", "operator");
  body.mutable_submit()->clear_receipt();
  EXPECT_EQ(Do("car", body), "CODE_NO_PROOF_OF_DATA");
  EXPECT_EQ(StatusOf(task), AcceptanceStatus::kAccepted);
}

class DisputeTest : public LifeCycleTest {
 protected:
  // Scored 0.7, where 0.8 is asked, and disputed.
  DisputeTest() : task_(ledger_.Scored(700'000)) { EXPECT_EQ(Do("car", DisputeBody(task_)), "CODE_OK"); }

  std::string Vote(int auditor, int payable) {
    return Do("auditor " + std::to_string(auditor), ResolveBody(task_, "car", payable));
  }

  const TaskId task_;
};

TEST_F(DisputeTest, AThresholdOfVotesToPayPaysAndPenalisesAWrongScore) {
  EXPECT_EQ(StatusOf(task_), AcceptanceStatus::kDisputed);
  EXPECT_EQ(ledger_.AcceptanceOf(task_).deadline, ledger_.now() + 30 * kSecond);
  EXPECT_EQ(Vote(0, 795'000), "CODE_OK");  // With the tolerance of 0.005 just 0.8.
  EXPECT_EQ(StatusOf(task_), AcceptanceStatus::kDisputed);
  EXPECT_EQ(Vote(0, 795'000), "CODE_ALREADY_VOTED");
  EXPECT_EQ(Vote(2, 900'000), "CODE_OK");
  ExpectFinal(task_, AcceptanceStatus::kPaid);
  ExpectMoney(99'600, 1'200, 700, 300);
  EXPECT_EQ(ledger_.AcceptanceOf(task_).least_to_pay, 795'000u);
  EXPECT_EQ(Vote(1, 900'000), "CODE_WRONG_STATUS");
  EXPECT_EQ(ledger_.AccountNamed("car").reputation, kRaised);
}

TEST_F(DisputeTest, AThresholdOfVotesToRefuseRefusesAndTakesTheDeposit) {
  EXPECT_EQ(Vote(0, 794'999), "CODE_OK");
  EXPECT_EQ(Vote(1, 0), "CODE_OK");
  ExpectFinal(task_, AcceptanceStatus::kRefused);
  ExpectMoney(99'800, 950, 1'000, 50);
  EXPECT_EQ(ledger_.AccountNamed("car").reputation, kLowered);
}

TEST_F(DisputeTest, ATieAtTheDeadlineLetsTheScoreStandAndReturnsTheDeposit) {
  EXPECT_EQ(Vote(0, 0), "CODE_OK");
  EXPECT_EQ(Vote(1, 900'000), "CODE_OK");
  ledger_.Wait(30 * kSecond);
  EXPECT_EQ(Do("bus", SettleBody(task_, "car")), "CODE_TOO_EARLY");
  ledger_.Wait(1);
  EXPECT_EQ(Vote(2, 900'000), "CODE_TOO_LATE");
  EXPECT_EQ(Do("bus", SettleBody(task_, "car")), "CODE_OK");
  ExpectFinal(task_, AcceptanceStatus::kRefused);
  ExpectMoney(99'800, 1'000, 1'000, 0);
}

TEST_F(DisputeTest, NoVoteAtTheDeadlineLetsTheScoreStand) {
  ledger_.Wait(30 * kSecond + 1);
  EXPECT_EQ(Do("bus", SettleBody(task_, "car")), "CODE_OK");
  ExpectFinal(task_, AcceptanceStatus::kRefused);
  ExpectMoney(99'800, 1'000, 1'000, 0);
}

TEST_F(DisputeTest, MoreVotesToPayAtTheDeadlinePayWithoutPenalty) {
  EXPECT_EQ(Vote(1, 900'000), "CODE_OK");
  ledger_.Wait(30 * kSecond + 1);
  EXPECT_EQ(Do("bus", SettleBody(task_, "car")), "CODE_OK");
  ExpectFinal(task_, AcceptanceStatus::kPaid);
  ExpectMoney(99'600, 1'200, 1'000, 0);
}

TEST_F(DisputeTest, AnAuditorsLaterKeyHasNoSecondVote) {
  EXPECT_EQ(Vote(1, 900'000), "CODE_OK");
  Account index{};
  index[0] = 1;
  EXPECT_EQ(Do("auditor 1", RotateBody(v1::KEY_ROLE_AUDITOR, "auditor 1", "auditor 9", index)), "CODE_OK");
  EXPECT_EQ(Vote(9, 900'000), "CODE_ALREADY_VOTED");
  EXPECT_EQ(Vote(1, 900'000), "CODE_KEY_REVOKED");
}

TEST_F(LifeCycleTest, AScoreWithinTheTolerancePaysWithoutPenalty) {
  const TaskId task = ledger_.Scored(790'000);
  EXPECT_EQ(Do("car", DisputeBody(task)), "CODE_OK");
  EXPECT_EQ(Do("auditor 0", ResolveBody(task, "car", 795'000)), "CODE_OK");
  EXPECT_EQ(Do("auditor 1", ResolveBody(task, "car", 796'000)), "CODE_OK");
  ExpectFinal(task, AcceptanceStatus::kPaid);
  ExpectMoney(99'600, 1'200, 1'000, 0);  // The least of the votes is 0.005 above the score, and not more.
}

TEST_F(LifeCycleTest, ASettledTaskLeavesNothingBehind) {
  const std::size_t before = ledger_.state().size();
  const TaskId task = ledger_.Scored(900'000);
  const std::int64_t end = ledger_.now() + 390 * kSecond;
  EXPECT_EQ(Do("bus", SettleBody(task)), "CODE_TOO_EARLY");
  ledger_.Wait(100 * kSecond + 1);
  EXPECT_EQ(Do("bus", SettleBody(task)), "CODE_OK");
  ExpectMoney(99'800, 1'200, 1'000, 0);
  EXPECT_EQ(ledger_.FundsOf(task).status, TaskStatus::kClosed);
  EXPECT_EQ(ledger_.FundsOf(task).slots_left, 0u);
  EXPECT_EQ(Do("bus", SettleBody(task)), "CODE_WRONG_STATUS");
  ledger_.WaitUntil(end);
  EXPECT_EQ(Do("bus", SettleBody(task, "car")), "CODE_TOO_EARLY");
  ledger_.Wait(1);
  EXPECT_EQ(Do("bus", SettleBody(task, "car")), "CODE_OK");
  EXPECT_EQ(ledger_.FundsOf(task).acceptances, 0u);
  EXPECT_EQ(Do("bus", SettleBody(task, "car")), "CODE_UNKNOWN_ACCEPTANCE");
  EXPECT_EQ(Do("bus", SettleBody(task)), "CODE_OK");
  EXPECT_EQ(Do("bus", SettleBody(task)), "CODE_UNKNOWN_TASK");
  EXPECT_EQ(ledger_.state().size(), before);
}

TEST_F(LifeCycleTest, AClosedTaskStillPaysWhoAccepted) {
  const TaskId task = ledger_.Submitted();
  ledger_.Wait(100 * kSecond + 1);
  EXPECT_EQ(Do("bus", SettleBody(task)), "CODE_OK");
  EXPECT_EQ(Do("operator", ScoreBody(task, "car", 900'000)), "CODE_OK");
  ExpectFinal(task, AcceptanceStatus::kPaid);
}

TEST_F(LifeCycleTest, WithoutADepositAnAcceptanceMakesTheAccount) {
  v1::Body body = PublishBody(ledger_.now());
  body.mutable_publish_task()->set_deposit_micros(0);
  const TaskId task = ledger_.Publish(body);
  EXPECT_EQ(Do("poor", AcceptBody(task, 0, body.publish_task())), "CODE_OK");
  // Else the key could be made a checkpoint's, and its reward could never be withdrawn.
  EXPECT_EQ(Do("checkpoint", RotateBody(v1::KEY_ROLE_CHECKPOINT, "checkpoint", "poor", PublicNamed("operator"))),
            "CODE_KEY_IN_USE");
}

TEST_F(LifeCycleTest, ContradictoryReceiptsSlashTheWholeBond) {
  EXPECT_EQ(Do("bus", ReceiptEvidence("operator", "operator")), "CODE_OK");
  ExpectMoney(100'000, 1'000, 0, 1'000);
  EXPECT_EQ(ledger_.Operator().status, OperatorStatus::kSlashed);
  EXPECT_EQ(Do("bus", ReceiptEvidence("operator", "operator")), "CODE_ALREADY_SLASHED");
  EXPECT_EQ(Do("operator", PublishBody(ledger_.now())), "CODE_ALREADY_SLASHED");
  EXPECT_EQ(Do("operator", TopUpBody(1)), "CODE_ALREADY_SLASHED");
  EXPECT_EQ(Do("operator", WithdrawBody(100'000, false)), "CODE_OK");
}

TEST_F(LifeCycleTest, ContradictoryScoresSlash) {
  const TaskId task = ledger_.Submitted();
  v1::Body body;
  v1::Evidence& evidence = *body.mutable_evidence();
  evidence.set_kind(v1::EVIDENCE_KIND_SCORES);
  evidence.set_operator_account(Bytes(PublicNamed("operator")));
  evidence.set_first(ledger_.Prepare("operator", ScoreBody(task, "car", 1)).envelope);
  evidence.set_second(ledger_.Prepare("operator", ScoreBody(task, "car", 1)).envelope);
  EXPECT_EQ(Do("bus", body), "CODE_NOT_CONTRADICTORY");  // Said twice.
  evidence.set_second(ledger_.Prepare("operator", ScoreBody(task, "car", 2)).envelope);
  EXPECT_EQ(Do("bus", body), "CODE_OK");
  ExpectMoney(99'600, 950, 0, 1'000);
}

TEST_F(LifeCycleTest, ContradictoryCheckpointsSlash) {
  v1::Body body;
  v1::Evidence& evidence = *body.mutable_evidence();
  evidence.set_kind(v1::EVIDENCE_KIND_CHECKPOINTS);
  evidence.set_operator_account(Bytes(PublicNamed("operator")));
  evidence.set_checkpoint_key(Bytes(PublicNamed("checkpoint")));
  const Checkpoint one{kTestChain, 7, Sha256({"root"}), 3, Sha256({"app"})};
  Checkpoint other = one;
  other.root = Sha256({"another root"});
  evidence.set_first(SignCheckpoint(one, KeyNamed("checkpoint")));
  evidence.set_second(SignCheckpoint(other, KeyNamed("checkpoint")));
  EXPECT_EQ(Do("bus", body), "CODE_OK");
  ExpectMoney(100'000, 1'000, 0, 1'000);
}

TEST_F(LifeCycleTest, ARotationLaundersNoContradiction) {
  EXPECT_EQ(Do("operator", RotateBody(v1::KEY_ROLE_OPERATOR, "operator", "operator 2", PublicNamed("operator"))),
            "CODE_OK");
  EXPECT_EQ(Do("bus", ReceiptEvidence("operator", "operator")), "CODE_OK");
  EXPECT_EQ(ledger_.Operator().bond, 0);
}

TEST_F(LifeCycleTest, ARotatedOperatorGoesOnUnderItsFirstAccount) {
  const TaskId task = ledger_.Submitted();
  EXPECT_EQ(Do("operator", RotateBody(v1::KEY_ROLE_OPERATOR, "operator", "operator 2", PublicNamed("operator"))),
            "CODE_OK");
  EXPECT_EQ(Do("operator", ScoreBody(task, "car", 900'000)), "CODE_KEY_REVOKED");
  EXPECT_EQ(Do("operator 2", ScoreBody(task, "car", 900'000)), "CODE_OK");
  EXPECT_EQ(Do("mint", DepositBody("operator", 1)), "CODE_NOT_AUTHORIZED");  // Where nobody could withdraw by that key.
  EXPECT_EQ(Do("mint", DepositBody("operator 2", 400)), "CODE_OK");
  EXPECT_EQ(ledger_.BalanceOf("operator"), 100'000);
  EXPECT_EQ(Do("operator 2", WithdrawBody(100'000, false)), "CODE_OK");
  EXPECT_EQ(ledger_.BalanceOf("operator"), 0);
}

TEST_F(LifeCycleTest, ALostKeyOfEachRoleIsReplacedByAuditors) {
  Account index{};
  index[0] = 1;
  const std::vector<std::string> approving{"auditor 0", "auditor 2"};
  EXPECT_EQ(Do("car", RotateBody(v1::KEY_ROLE_OPERATOR, "operator", "operator 2", PublicNamed("operator"), approving)),
            "CODE_OK");
  EXPECT_EQ(ledger_.Operator().key, PublicNamed("operator 2"));
  EXPECT_EQ(
      Do("car", RotateBody(v1::KEY_ROLE_CHECKPOINT, "checkpoint", "checkpoint 2", PublicNamed("operator"), approving)),
      "CODE_OK");
  EXPECT_EQ(ledger_.Operator().checkpoint_key, PublicNamed("checkpoint 2"));
  EXPECT_EQ(Do("car", RotateBody(v1::KEY_ROLE_AUDITOR, "auditor 1", "auditor 3", index, approving)), "CODE_OK");
  EXPECT_EQ(Do("car", RotateBody(v1::KEY_ROLE_MINT, "mint", "mint 2", Account{}, approving)), "CODE_OK");
  EXPECT_EQ(Do("mint", DepositBody("car", 1)), "CODE_KEY_REVOKED");
  EXPECT_EQ(Do("mint 2", DepositBody("car", 1)), "CODE_OK");
}

TEST_F(LifeCycleTest, EachRoleReplacesItsOwnKey) {
  Account index{};
  index[0] = 2;
  EXPECT_EQ(
      Do("checkpoint", RotateBody(v1::KEY_ROLE_CHECKPOINT, "checkpoint", "checkpoint 2", PublicNamed("operator"))),
      "CODE_OK");
  EXPECT_EQ(Do("auditor 2", RotateBody(v1::KEY_ROLE_AUDITOR, "auditor 2", "auditor 5", index)), "CODE_OK");
  EXPECT_EQ(Do("mint", RotateBody(v1::KEY_ROLE_MINT, "mint", "mint 2", Account{})), "CODE_OK");
  EXPECT_EQ(Do("mint 2", RotateBody(v1::KEY_ROLE_MINT, "mint 2", "mint 3", Account{})), "CODE_OK");
  EXPECT_EQ(Do("mint 3", DepositBody("car", 1)), "CODE_OK");
}

TEST_F(LifeCycleTest, AStaleApprovalDoesNotReplaceAKeyThatWasReplaced) {
  const std::vector<std::string> approving{"auditor 0", "auditor 1"};
  const auto rotate = [&](const char* to) {
    return RotateBody(v1::KEY_ROLE_OPERATOR, "operator", to, PublicNamed("operator"), approving);
  };
  EXPECT_EQ(Do("car", rotate("operator 2")), "CODE_OK");
  EXPECT_EQ(Do("car", rotate("operator 3")), "CODE_KEY_REVOKED");
  EXPECT_EQ(ledger_.Operator().key, PublicNamed("operator 2"));
}

TEST_F(LifeCycleTest, AVehicleThatBecomesAnOperatorKeepsItsAcceptances) {
  const TaskId task = ledger_.Accepted();
  EXPECT_EQ(Do("mint", DepositBody("car", 1'000)), "CODE_OK");
  EXPECT_EQ(Do("car", RegisterBody("car", "car's checkpoint", 1'500)), "CODE_OK");
  EXPECT_EQ(Do("car", SubmitBody(task, "car", "data", "operator")), "CODE_OK");
  EXPECT_EQ(Do("car", RotateBody(v1::KEY_ROLE_OPERATOR, "car", "car 2", PublicNamed("car"))), "CODE_OK");
  EXPECT_EQ(Do("operator", ScoreBody(task, "car", 900'000)), "CODE_OK");
  EXPECT_EQ(ledger_.BalanceOf("car"), 700);  // 1,950 - 1,500 + 250, and the new key may withdraw it.
  EXPECT_EQ(Do("car 2", WithdrawBody(700, false)), "CODE_OK");
}

}  // namespace
}  // namespace giot::ledger
