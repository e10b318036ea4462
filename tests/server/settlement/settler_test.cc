#include "server/settlement/settler.h"

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

using ledger::AcceptanceStatus;
using ledger::v1::CODE_OK;

std::string TestName() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }

TEST(SettlerTest, ADeliveryThatFulfilsIsPaidAndItsEvidenceForgotten) {
  TestMarket market(TestName());
  const ledger::TaskId task = market.Publish();
  market.Submitted(task, "car", 1);
  EXPECT_TRUE(market.HasEvidence(task, "car"));
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kPaid);
  EXPECT_EQ(market.AcceptanceOf(task, "car").payable, 930'000U);
  EXPECT_EQ(market.BalanceOf("car"), 1'200);
  market.Settle();
  EXPECT_FALSE(market.HasEvidence(task, "car"));
}

TEST(SettlerTest, WhatFallsShortIsDisputedAndPaidByTheAuditorsWord) {
  TestMarket market(TestName());
  market.opinion().quality = 0.6;
  market.opinion().lower = 0.5;
  const ledger::TaskId task = market.Publish();
  market.Submitted(task, "car", 1);
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kBelow);
  EXPECT_EQ(market.AcceptanceOf(task, "car").payable, 580'000U);  // 0.5 + 0.08.
  EXPECT_TRUE(market.HasEvidence(task, "car"));

  ASSERT_EQ(market.Do("car", ledger::DisputeBody(task)), CODE_OK);
  market.Settle();
  EXPECT_TRUE(market.HasEvidence(task, "car"));
  ASSERT_EQ(market.Do("auditor 0", ledger::ResolveBody(task, "car", 800'000)), CODE_OK);
  ASSERT_EQ(market.Do("auditor 1", ledger::ResolveBody(task, "car", 800'000)), CODE_OK);
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kPaid);
  EXPECT_EQ(market.BalanceOf("car"), 1'200);
  EXPECT_EQ(market.BondOf("operator"), 700) << "the penalty for a wrong score";
  EXPECT_FALSE(market.HasEvidence(task, "car"));
}

TEST(SettlerTest, WhatFallsShortAndIsNotDisputedIsRefusedAfterTheWindow) {
  TestMarket market(TestName());
  market.opinion().quality = 0.0;
  const ledger::TaskId task = market.Publish();
  market.Submitted(task, "car", 1);
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").payable, 0U);
  market.Wait(20 * kSecond);
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kBelow) << "the last moment counts";
  market.Wait(1);
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kRefused);
  EXPECT_EQ(market.BalanceOf("car"), 1'000) << "the deposit came back";
}

TEST(SettlerTest, AVehicleIsPaidAndTheOperatorPenalisedWhereTheScoreIsMissing) {
  TestMarket market(TestName());
  const ledger::TaskId task = market.Publish();
  market.Submitted(task, "car", 1);
  market.Restart();
  market.Wait(300 * kSecond + 1);  // The server was away for the time of scoring.
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kPaid);
  EXPECT_EQ(market.BalanceOf("car"), 1'200);
  EXPECT_EQ(market.BondOf("operator"), 700);
}

TEST(SettlerTest, WhoeverDeliversNothingForfeitsItsDeposit) {
  TestMarket market(TestName());
  const ledger::TaskId task = market.Publish();
  market.Accept(task, "car", 1);
  market.Wait(210 * kSecond);  // To submit, and for auditors' word.
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kAccepted);
  market.Wait(1);
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kForfeited);
  EXPECT_EQ(market.BalanceOf("car"), 950);
  EXPECT_EQ(market.BalanceOf("treasury"), 50);
  EXPECT_EQ(market.BalanceOf("operator"), 100'000);
}

TEST(SettlerTest, ItGoesOnAfterARestartWhereItWas) {
  TestMarket market(TestName());
  const ledger::TaskId task = market.Publish();
  market.Submitted(task, "car", 1);
  market.Submitted(task, "bus", 0);
  market.Restart();
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kPaid);
  EXPECT_EQ(market.AcceptanceOf(task, "bus").status, AcceptanceStatus::kPaid);
  EXPECT_EQ(market.opinion().asked, 2) << "scored once each, when they were delivered";
  market.Restart();
  market.Settle();
  EXPECT_FALSE(market.HasEvidence(task, "car"));
}

TEST(SettlerTest, ItsScoresAreTheSameAfterARestartSoThatTheyNeverContradict) {
  TestMarket market(TestName());
  const ledger::TaskId task = market.Publish();
  market.Submitted(task, "car", 1);
  market.opinion().quality = 0.0;  // Of a scorer that is asked again.
  market.Restart();
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(task, "car").payable, 930'000U);
}

TEST(SettlerTest, ATaskIsClosedAndEverythingOfItForgottenInTime) {
  TestMarket market(TestName());
  const ledger::TaskId task = market.Publish();
  market.Submitted(task, "car", 0);
  market.Settle();
  market.Wait(100 * kSecond + 1);
  market.Settle();
  EXPECT_EQ(market.BalanceOf("operator"), 100'000 - 100) << "the slot that nobody took came back";
  const auto entries = [&] {
    return market.driver().Scan("a", "a", 10)->size() + market.driver().Scan("u", "u", 10)->size();
  };
  EXPECT_EQ(entries(), 2U);
  market.Wait((200 + 20 + 30 + 40) * kSecond);  // To the end of scoring, and all windows after it.
  market.Settle();
  market.Settle();
  EXPECT_EQ(entries(), 0U);
  market.Wait(2 * 86'400 * kSecond);
  market.Settle();
  EXPECT_FALSE(std::filesystem::is_empty(market.folder() / "tasks")) << "no block is that late";
  ASSERT_EQ(market.Do("mint", ledger::DepositBody("car", 1)), CODE_OK);
  market.Settle();
  EXPECT_TRUE(std::filesystem::is_empty(market.folder() / "tasks"));
}

TEST(SettlerTest, AnOlderCopyOfTheLedgerLosesNoFileBeforeItsBlocksArePastTheTasksEnd) {
  TestMarket market(TestName());
  ASSERT_TRUE(market.driver().Export(market.folder() / "older").ok());
  const ledger::TaskId task = market.Publish();
  market.Accept(task, "car", 1);
  ASSERT_TRUE(market.Deliver(market.Delivery(task, "car", "a picture")).ok());
  market.Restart({.ledger = "older"});
  market.Wait(2 * 86'400 * kSecond);
  market.Settle();
  EXPECT_TRUE(market.HasEvidence(task, "car"));
  EXPECT_FALSE(std::filesystem::is_empty(market.folder() / "tasks"));

  ASSERT_EQ(market.Do("mint", ledger::DepositBody("car", 1)), CODE_OK);
  market.Settle();
  EXPECT_FALSE(market.HasEvidence(task, "car"));
  EXPECT_TRUE(std::filesystem::is_empty(market.folder() / "tasks"));
}

TEST(SettlerTest, EvidenceOfATaskThatNothingIsKnownOfIsKept) {
  TestMarket market(TestName());
  ASSERT_TRUE(market.driver().Export(market.folder() / "older").ok());
  const ledger::TaskId task = market.Publish();
  market.Accept(task, "car", 1);
  ASSERT_TRUE(market.Deliver(market.Delivery(task, "car", "a picture")).ok());
  for (const auto& file : std::filesystem::directory_iterator(market.folder() / "tasks")) {
    std::filesystem::remove(file.path());
  }
  market.Restart({.ledger = "older"});
  market.Wait(2 * 86'400 * kSecond);
  ASSERT_EQ(market.Do("mint", ledger::DepositBody("car", 1)), CODE_OK);
  market.Settle();
  EXPECT_TRUE(market.HasEvidence(task, "car"));
}

TEST(SettlerTest, EvidenceOfOtherDataThanAuditorsVouchedForIsNotScored) {
  TestMarket market(TestName());
  const ledger::TaskId task = market.Publish();
  market.Accept(task, "car", 1);
  ASSERT_TRUE(market.Deliver(market.Delivery(task, "car", "a picture")).ok());
  const ledger::v1::Body body = ledger::AvailableBody(task, "car", "another picture", {"auditor 0", "auditor 1"});
  ASSERT_EQ(market.Do("car", body), CODE_OK);
  const std::uint64_t size = market.LogSize();
  market.Settle();
  EXPECT_EQ(market.LogSize(), size);
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kSubmitted);
  EXPECT_TRUE(market.HasEvidence(task, "car"));
}

TEST(SettlerTest, WhatIsNotDueIsNotSentSoThatTheLogGrowsByNothing) {
  TestMarket market(TestName());
  const ledger::TaskId task = market.Publish();
  market.Accept(task, "car", 1);
  const std::uint64_t size = market.LogSize();
  for (int i = 0; i < 10; ++i) {
    market.Settle();
    market.Wait(kSecond);
  }
  EXPECT_EQ(market.LogSize(), size);
}

TEST(SettlerTest, WithoutTheOperatorsPresentKeyNothingIsSigned) {
  TestMarket market(TestName());
  const ledger::TaskId task = market.Publish();
  market.Submitted(task, "car", 1);
  market.Restart({.operator_name = "stranger"});
  const std::uint64_t size = market.LogSize();
  market.Settle();
  EXPECT_EQ(market.LogSize(), size);
  EXPECT_EQ(market.AcceptanceOf(task, "car").status, AcceptanceStatus::kSubmitted);
  EXPECT_TRUE(market.HasEvidence(task, "car"));
}

TEST(SettlerTest, AnothersTasksAreLeftToIt) {
  TestMarket market(TestName());
  market.Accept(market.Publish(), "car", 1);
  ASSERT_EQ(market.Do("mint", ledger::DepositBody("rival", 10'000)), CODE_OK);
  ASSERT_EQ(market.Do("rival", ledger::RegisterBody("rival", "rival's checkpoint", 1'000)), CODE_OK);
  market.Restart({.operator_name = "rival"});
  const std::uint64_t size = market.LogSize();
  market.Wait(300 * kSecond);
  market.Settle();
  EXPECT_EQ(market.LogSize(), size);
}

TEST(SettlerTest, ManyThatAreDueAtOnceAreSettledTickByTick) {
  TestMarket market(TestName());
  v1::PublishTaskRequest request = market.Request("many");
  request.set_slots(100);
  request.set_deposit_micros(0);
  const auto placed = market.settlement().publisher().Publish(request, TestMarket::Contract());
  ASSERT_TRUE(placed.ok()) << placed.status();
  for (int i = 0; i < 100; ++i) market.Accept(placed->id, absl::StrCat("vehicle ", i), 0);
  market.Wait(210 * kSecond + 1);
  const std::uint64_t size = market.LogSize();
  ASSERT_TRUE(market.settlement().Tick().value()) << "there is more to do";
  EXPECT_EQ(market.LogSize(), size + Settler::kMostPlaced);
  market.Settle();
  EXPECT_EQ(market.LogSize(), size + 100 + 1) << "each acceptance, and the task";
}

}  // namespace
}  // namespace giot::settlement
