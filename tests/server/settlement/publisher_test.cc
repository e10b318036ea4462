#include "server/settlement/publisher.h"

#include <functional>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/settlement/entry_reader.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

using absl::StatusCode;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

std::string TestName() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }

std::string Message(const absl::Status& status) { return std::string(status.message()); }

void AddItem(v1::GenerateContractResponse& contract, std::int64_t quality, std::int64_t reward) {
  v1::ContractItem& item = *contract.add_menu();
  item.set_quality_micros(quality);
  item.set_reward_micros(reward);
}

ledger::TaskTerms TermsOf(TestMarket& market, const ledger::TaskId& task) {
  return ReadEntry<ledger::TaskTerms>(market.driver(), ledger::TermsKey(task))->value();
}

TEST(TaskMenuTest, ItemsThatAskOrPayNothingAndRepeatedOnesAreLeftOut) {
  v1::GenerateContractResponse contract;
  AddItem(contract, 500'000, 100);
  AddItem(contract, 0, 10);
  AddItem(contract, 800'000, 0);
  AddItem(contract, 500'000, 100);
  AddItem(contract, 500'000, 101);
  const auto menu = TaskMenu(contract);
  ASSERT_TRUE(menu.ok()) << menu.status();
  ASSERT_THAT(*menu, SizeIs(2));
  EXPECT_EQ((*menu)[0].reward, 100);
  EXPECT_EQ((*menu)[1].reward, 101);
}

TEST(TaskMenuTest, AMenuWithoutAnItemOrWithTooManyIsRefused) {
  v1::GenerateContractResponse contract;
  EXPECT_EQ(TaskMenu(contract).status().code(), StatusCode::kFailedPrecondition);
  for (int i = 1; i <= 16; ++i) AddItem(contract, 50'000 * i, i);
  EXPECT_TRUE(TaskMenu(contract).ok());
  AddItem(contract, 1, 1);
  EXPECT_EQ(TaskMenu(contract).status().code(), StatusCode::kFailedPrecondition);
}

TEST(PublisherTest, ATaskIsOnTheLedgerAsItWasAskedFor) {
  TestMarket market(TestName());
  const std::int64_t before = market.BalanceOf("operator");
  const ledger::TaskTerms terms = TermsOf(market, market.Publish());
  EXPECT_EQ(terms.operator_account, ledger::PublicNamed("operator"));
  EXPECT_EQ(terms.accept_by, ledger::kStart + 100 * kSecond);
  EXPECT_EQ(terms.submit_by, ledger::kStart + 200 * kSecond);
  EXPECT_EQ(terms.score_by, ledger::kStart + 300 * kSecond);
  EXPECT_EQ(terms.deposit, 50);
  EXPECT_EQ(terms.delta, 80'000U);  // The scorer's margin, 50000, and 30000.
  EXPECT_EQ(terms.allowance, 30'000U);
  EXPECT_EQ(terms.scorer, ledger::Sha256({"scorer"}));
  EXPECT_EQ(terms.nonce_commitment, ledger::Sha256({"nonce"}));
  ASSERT_THAT(terms.menu, SizeIs(2));
  EXPECT_EQ(terms.menu[1].quality, 800'000U);
  EXPECT_EQ(terms.menu[1].reward, 200);
  EXPECT_EQ(market.BalanceOf("operator"), before - 2 * 200);
}

TEST(PublisherTest, AnAnnouncedToleranceIsKept) {
  TestMarket market(TestName());
  v1::PublishTaskRequest request = market.Request("first");
  request.set_delta_micros(0);
  request.set_allowance_micros(7);
  const auto placed = market.settlement().publisher().Publish(request, TestMarket::Contract());
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(TermsOf(market, placed->id).delta, 0U);
  EXPECT_EQ(TermsOf(market, placed->id).allowance, 7U);
}

TEST(PublisherTest, ARepeatedCallGivesTheFirstTaskAlsoByTheNextProcess) {
  TestMarket market(TestName());
  const ledger::TaskId task = market.Publish("one");
  const std::uint64_t size = market.LogSize();
  for (int process = 0; process < 2; ++process) {
    const auto earlier = market.settlement().publisher().Earlier("one");
    ASSERT_TRUE(earlier.ok() && *earlier) << earlier.status();
    EXPECT_EQ((*earlier)->id, task);
    EXPECT_TRUE((*earlier)->repeated);
    market.Wait(kSecond);
    EXPECT_EQ(market.Publish("one"), task);
    EXPECT_EQ(market.LogSize(), size);
    market.Restart();
  }
  EXPECT_NE(market.Publish("two"), task);
  EXPECT_FALSE(market.settlement().publisher().Earlier("three")->has_value());
}

// As a process that ended between writing the file and submitting leaves it.
void PublishWithoutPlacing(TestMarket& market) {
  const ledger::v1::Body body = [&] {
    ledger::v1::Body published = ledger::PublishBody(market.now());
    published.set_expires_us(market.now() + 300 * kSecond);
    return published;
  }();
  market.Restart();
  const auto files = TaskFiles::Open(market.folder() / "tasks");
  ASSERT_TRUE(
      (*files)->Put({.request_id = "first", .envelope = market.Seal("operator", body), .description = {}}).ok());
  market.Restart();
}

TEST(PublisherTest, WhatWasNeverSubmittedIsSubmittedByTheNextCall) {
  TestMarket market(TestName());
  PublishWithoutPlacing(market);
  const auto earlier = market.settlement().publisher().Earlier("first");
  ASSERT_TRUE(earlier.ok() && *earlier) << earlier.status();
  EXPECT_EQ(TermsOf(market, (*earlier)->id).scorer, ledger::Sha256({"scorer"}));
}

TEST(PublisherTest, WhatExpiredUnplacedIsMadeAnewOnceItCanNoLongerBePlaced) {
  TestMarket market(TestName());
  PublishWithoutPlacing(market);
  market.Wait(301 * kSecond);
  EXPECT_EQ(market.settlement().publisher().Earlier("first").status().code(), StatusCode::kAborted);
  market.Wait(60 * kSecond);
  EXPECT_FALSE(market.settlement().publisher().Earlier("first")->has_value());
  const ledger::TaskId task = market.Publish("first");
  EXPECT_EQ(TermsOf(market, task).accept_by, market.now() + 100 * kSecond);
}

TEST(PublisherTest, WhereOthersWriteTheBlocksOnlyALaterBlockShowsThatItCanNoLongerBePlaced) {
  TestMarket market(TestName());
  PublishWithoutPlacing(market);
  market.Restart({.driver_name = "cometbft"});
  market.Wait(10'000 * kSecond);
  EXPECT_EQ(market.settlement().publisher().Earlier("first").status().code(), StatusCode::kAborted);
  ASSERT_EQ(market.Do("mint", ledger::DepositBody("car", 1)), ledger::v1::CODE_OK);
  const auto earlier = market.settlement().publisher().Earlier("first");
  ASSERT_TRUE(earlier.ok()) << earlier.status();
  EXPECT_FALSE(earlier->has_value());
}

TEST(PublisherTest, ATaskThatTheOperatorCannotPayForIsRefusedByName) {
  TestMarket market(TestName());
  v1::PublishTaskRequest request = market.Request("dear");
  request.set_slots(1000);  // 200,000, of a balance of 100,000.
  const std::string before = market.StateRoot();
  for (int call = 0; call < 2; ++call) {
    const auto placed = market.settlement().publisher().Publish(request, TestMarket::Contract());
    EXPECT_EQ(placed.status().code(), StatusCode::kFailedPrecondition);
    EXPECT_THAT(Message(placed.status()), StartsWith("CODE_INSUFFICIENT_BALANCE"));
  }
  EXPECT_EQ(market.BalanceOf("operator"), 100'000);
  EXPECT_EQ(market.driver().Scan("t", "t", 1)->size(), 0U);
}

struct BadField {
  std::string field;
  std::function<void(v1::PublishTaskRequest&)> damage;
};

TEST(PublisherTest, ABadFieldIsNamed) {
  TestMarket market(TestName());
  const std::vector<BadField> cases = {
      {"slots", [](auto& r) { r.set_slots(0); }},
      {"slots", [](auto& r) { r.set_slots(100'001); }},
      {"accept_for_us", [](auto& r) { r.set_accept_for_us(0); }},
      {"submit_for_us", [](auto& r) { r.set_submit_for_us(-1); }},
      {"score_for_us", [](auto& r) { r.set_score_for_us(10 * kSecond); }},  // The grace for availability.
      {"accept_for_us", [](auto& r) { r.set_accept_for_us(std::numeric_limits<std::int64_t>::max()); }},
      {"accept_for_us", [](auto& r) { r.set_accept_for_us(900 * kSecond); }},  // 1,100 s together, of 1,000.
      {"deposit_micros", [](auto& r) { r.set_deposit_micros(-1); }},
      {"deposit_micros", [](auto& r) { r.set_deposit_micros((std::int64_t{1} << 53) + 1); }},
      {"delta_micros", [](auto& r) { r.set_delta_micros(-1); }},
      {"allowance_micros", [](auto& r) { r.set_allowance_micros(1'000'001); }},
      {"min_reputation_micros", [](auto& r) { r.set_min_reputation_micros(-1); }},
      {"request_id", [](auto& r) { r.clear_request_id(); }},
      {"request_id", [](auto& r) { r.set_request_id(std::string(65, 'x')); }},
      {"description.text", [](auto& r) { r.mutable_description()->set_text(std::string(1025, 'x')); }},
      {"description.latitude", [](auto& r) { r.mutable_description()->set_latitude(90.1); }},
      {"description.longitude",
       [](auto& r) { r.mutable_description()->set_longitude(std::numeric_limits<double>::quiet_NaN()); }},
      {"description.radius_m", [](auto& r) { r.mutable_description()->set_radius_m(-1.0); }},
      {"description.requirements.width",
       [](auto& r) { r.mutable_description()->mutable_requirements()->set_width(-1); }},
  };
  ASSERT_TRUE(market.settlement().publisher().Check(market.Request("good")).ok());
  for (const BadField& bad : cases) {
    v1::PublishTaskRequest request = market.Request("bad");
    bad.damage(request);
    const absl::Status status = market.settlement().publisher().Check(request);
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << bad.field;
    EXPECT_THAT(Message(status), StartsWith(bad.field));
  }
}

TEST(PublisherTest, WithoutAScorerOrAKeyNothingIsPublishedAndTheReasonIsGiven) {
  TestMarket market(TestName());
  market.Restart({.has_scorer = false});
  EXPECT_THAT(Message(market.settlement().publisher().Check(market.Request("first"))), HasSubstr("no scorer"));
  market.Restart({.operator_name = ""});
  EXPECT_EQ(market.settlement().publisher().Check(market.Request("first")).code(), StatusCode::kFailedPrecondition);
  market.Restart({.operator_name = "stranger"});
  EXPECT_THAT(Message(market.settlement().publisher().Check(market.Request("first"))), HasSubstr("not registered"));
  market.Restart({.operator_name = "auditor 0"});
  EXPECT_THAT(Message(market.settlement().publisher().Check(market.Request("first"))), HasSubstr("KEY_ROLE_AUDITOR"));
}

TEST(PublisherTest, AKeyThatWasReplacedPublishesNoMoreAndItsSuccessorDoes) {
  TestMarket market(TestName());
  const ledger::PublicKey& account = ledger::PublicNamed("operator");
  ASSERT_EQ(market.Do("operator", ledger::RotateBody(ledger::v1::KEY_ROLE_OPERATOR, "operator", "operator 2", account)),
            ledger::v1::CODE_OK);
  const absl::Status status = market.settlement().publisher().Check(market.Request("first"));
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(Message(status), HasSubstr(ledger::HexOf(ledger::BytesOf(ledger::PublicNamed("operator 2")))));
  market.Restart({.operator_name = "operator 2"});
  EXPECT_EQ(TermsOf(market, market.Publish()).operator_account, account);
}

}  // namespace
}  // namespace giot::settlement
