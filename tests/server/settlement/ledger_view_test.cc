#include "server/settlement/ledger_view.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/ledger/proof/receipt.h"
#include "server/ledger/proof/state_proof.h"
#include "server/settlement/placing.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

using absl::StatusCode;

std::string TestName() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }
std::string Bytes(const ledger::Digest& bytes) { return std::string(ledger::BytesOf(bytes)); }
std::string Key(std::string_view name) { return Bytes(ledger::PublicNamed(name)); }

ledger::VerifierKey Verifier(TestMarket& market) {
  return ledger::ParseVerifierKey(market.settlement().view().Ledger()->verifier_key()).value();
}

TEST(LedgerViewTest, TheLedgerIsDescribed) {
  TestMarket market(TestName());
  const auto ledger = market.settlement().view().Ledger();
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  EXPECT_EQ(ledger->chain_id(), ledger::kTestChain);
  EXPECT_EQ(ledger->driver(), "embedded");
  EXPECT_EQ(ledger->operator_account(), Key("operator"));
  EXPECT_EQ(ledger->operator_key(), Key("operator"));
  EXPECT_EQ(ledger->transactions(), 5U);
  EXPECT_EQ(ledger->height(), 4U);
  EXPECT_EQ(ledger->minted_micros(), 103'000);
  EXPECT_EQ(ledger->parameters().auditors_size(), 3);
  EXPECT_EQ(ledger->parameters().auditor_threshold(), 2);
  EXPECT_EQ(ledger->parameters().dispute_window_us(), 20 * kSecond);
  EXPECT_EQ(ledger->scorer_digest(), Bytes(ledger::Sha256({"scorer"})));
  EXPECT_EQ(Verifier(market).key, ledger::PublicNamed("checkpoint"));
}

TEST(LedgerViewTest, OfAReplacedKeyThePresentOneIsTold) {
  TestMarket market(TestName());
  ASSERT_EQ(market.Do("operator", ledger::RotateBody(ledger::v1::KEY_ROLE_OPERATOR, "operator", "operator 2",
                                                     ledger::PublicNamed("operator"))),
            ledger::v1::CODE_OK);
  EXPECT_EQ(market.settlement().view().Ledger()->operator_key(), Key("operator 2"));
  EXPECT_EQ(market.settlement().view().Ledger()->operator_account(), Key("operator"));
}

TEST(LedgerViewTest, OpenTasksComePageByPageInOrder) {
  TestMarket market(TestName());
  std::vector<std::string> published;
  for (int i = 0; i < 5; ++i) published.push_back(Bytes(market.Publish(absl::StrCat("task ", i))));
  std::sort(published.begin(), published.end());
  v1::ListTasksRequest request;
  request.set_page_size(2);
  std::vector<std::string> listed;
  int pages = 0;
  do {
    const auto page = market.settlement().view().Tasks(request);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_LE(page->tasks_size(), 2);
    for (const v1::Task& task : page->tasks()) listed.push_back(task.id());
    request.set_page_token(page->next_page_token());
    ASSERT_LE(++pages, 4);
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, published);
}

TEST(LedgerViewTest, WhatCanNoLongerBeAcceptedIsListedOnRequestAlone) {
  TestMarket market(TestName());
  const ledger::TaskId full = market.Publish("full");
  market.Accept(full, "car", 0);
  market.Accept(full, "bus", 0);
  market.Publish("open");
  v1::ListTasksRequest open;
  v1::ListTasksRequest all;
  all.set_all(true);
  EXPECT_EQ(market.settlement().view().Tasks(open)->tasks_size(), 1);
  EXPECT_EQ(market.settlement().view().Tasks(all)->tasks_size(), 2);
  market.Wait(100 * kSecond + 1);
  EXPECT_EQ(market.settlement().view().Tasks(open)->tasks_size(), 0);
  EXPECT_EQ(market.settlement().view().Task(Bytes(full))->state(), v1::TASK_STATE_CLOSED);
}

TEST(LedgerViewTest, ATaskIsToldWithItsDescription) {
  TestMarket market(TestName());
  const auto task = market.settlement().view().Task(Bytes(market.Publish()));
  ASSERT_TRUE(task.ok()) << task.status();
  EXPECT_EQ(task->description().text(), "the crossing");
  EXPECT_EQ(task->menu_size(), 2);
  EXPECT_EQ(task->menu(1).reward_micros(), 200);
  EXPECT_EQ(task->slots_left(), 2);
  EXPECT_EQ(task->state(), v1::TASK_STATE_OPEN);
  EXPECT_EQ(market.settlement().view().Task(std::string(32, 'x')).status().code(), StatusCode::kNotFound);
}

TEST(LedgerViewTest, AcceptancesAreListedByTaskAndState) {
  TestMarket market(TestName());
  const ledger::TaskId first = market.Publish("first");
  const ledger::TaskId second = market.Publish("second");
  market.Submitted(first, "car", 0);
  market.Accept(first, "bus", 0);
  market.Accept(second, "bus", 1);
  v1::ListAcceptancesRequest request;
  EXPECT_EQ(market.settlement().view().Acceptances(request)->acceptances_size(), 3);
  request.set_task(Bytes(first));
  request.set_page_size(1);
  const auto page = market.settlement().view().Acceptances(request);
  ASSERT_EQ(page->acceptances_size(), 1);
  request.set_page_token(page->next_page_token());
  const auto next = market.settlement().view().Acceptances(request);
  ASSERT_EQ(next->acceptances_size(), 1);
  EXPECT_LT(page->acceptances(0).vehicle(), next->acceptances(0).vehicle());
  EXPECT_EQ(next->next_page_token(), "");
  v1::ListAcceptancesRequest submitted;
  submitted.set_state(v1::ACCEPTANCE_STATE_SUBMITTED);
  const auto only = market.settlement().view().Acceptances(submitted);
  ASSERT_EQ(only->acceptances_size(), 1);
  EXPECT_EQ(only->acceptances(0).vehicle(), Key("car"));
  EXPECT_TRUE(only->acceptances(0).has_evidence());
  EXPECT_EQ(only->acceptances(0).reserve_micros(), 100);
}

TEST(LedgerViewTest, AnAccountThatIsNotKnownIsAsAccountsBegin) {
  TestMarket market(TestName());
  const auto stranger = market.settlement().view().Account(Key("stranger"));
  ASSERT_TRUE(stranger.ok()) << stranger.status();
  EXPECT_EQ(stranger->balance_micros(), 0);
  EXPECT_EQ(stranger->reputation_micros(), 500'000);
  EXPECT_EQ(market.settlement().view().Account(Key("car"))->balance_micros(), 1'000);
  EXPECT_EQ(market.settlement().view().Account(Key("operator"))->bond_micros(), 1'000);
}

TEST(LedgerViewTest, ReceiptsAndProofsVerifyOffline) {
  TestMarket market(TestName());
  const auto placed = Place(market.driver(), market.Seal("car", ledger::WithdrawBody(5, false)));
  ASSERT_TRUE(placed.ok()) << placed.status();
  const auto receipt = market.settlement().view().Receipt(Bytes(placed->id));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_TRUE(ledger::VerifyReceipt(ledger::ParseReceipt(*receipt).value(), Verifier(market)).ok());
  const auto proof = market.settlement().view().StateProof(ledger::AccountKey(ledger::PublicNamed("car")));
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_TRUE(ledger::VerifyStateProofFile(ledger::ParseStateProof(*proof).value(), Verifier(market)).ok());
  const auto consistency = market.settlement().view().ConsistencyProof(3);
  ASSERT_TRUE(consistency.ok()) << consistency.status();
  EXPECT_EQ(ledger::ParseConsistencyProof(*consistency)->old_size, 3U);
  EXPECT_EQ(market.settlement().view().ConsistencyProof(7).status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(market.settlement().view().Receipt(std::string(32, 'x')).status().code(), StatusCode::kNotFound);
}

TEST(LedgerViewTest, ABadFieldIsRefused) {
  TestMarket market(TestName());
  const LedgerView& view = market.settlement().view();
  EXPECT_EQ(view.Task("short").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(view.Account("").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(view.Receipt("").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(view.StateProof("").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(view.StateProof(std::string(257, 'k')).status().code(), StatusCode::kInvalidArgument);
  v1::ListTasksRequest tasks;
  tasks.set_page_size(1001);
  EXPECT_EQ(view.Tasks(tasks).status().code(), StatusCode::kInvalidArgument);
  tasks.set_page_size(-1);
  EXPECT_EQ(view.Tasks(tasks).status().code(), StatusCode::kInvalidArgument);
  tasks.set_page_size(1);
  tasks.set_page_token("made up");
  EXPECT_EQ(view.Tasks(tasks).status().code(), StatusCode::kInvalidArgument);
  v1::ListAcceptancesRequest acceptances;
  acceptances.set_state(static_cast<v1::AcceptanceState>(99));
  EXPECT_EQ(view.Acceptances(acceptances).status().code(), StatusCode::kInvalidArgument);
  acceptances.set_state(v1::ACCEPTANCE_STATE_UNSPECIFIED);
  acceptances.set_task("short");
  EXPECT_EQ(view.Acceptances(acceptances).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(view.Acceptance({}).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::settlement
