// SettlementService over loopback, with a model that finds every image alike (quality 0.8, lower bound 0.7): the whole
// life of a task, and everything that is refused.
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "giot/v1/sensing_quality.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/receipt.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/verifier.h"
#include "tests/integration/odd_images.h"
#include "tests/integration/settlement_fixture.h"

namespace giot::integration {
namespace {

using grpc::StatusCode;
using ledger::kSecond;
using ledger::v1::CODE_OK;
using testing::Ge;
using testing::HasSubstr;
using testing::StartsWith;

class SettlementTest : public SettlementFixture {
 protected:
  grpc::Status Deliver(const v1::DeliverDataRequest& request, v1::DeliverDataResponse& response) {
    grpc::ClientContext context;
    return stub_->DeliverData(&context, request, &response);
  }

  // The place of the item that asks most, of a menu in order of quality.
  static int Dearest(const v1::Task& task) {
    int dearest = 0;
    for (int i = 1; i < task.menu_size(); ++i) {
      if (task.menu(i).quality_micros() > task.menu(dearest).quality_micros()) dearest = i;
    }
    return dearest;
  }

  // "car" accepts the item and submits the image; fails the test where that does not go through.
  void Submit(const v1::Task& task, int item, const std::string& image) {
    ASSERT_EQ(Do("car", AcceptOf(task, item)), CODE_OK);
    v1::DeliverDataResponse delivered;
    const grpc::Status status = Deliver(Delivery(task, "car", image), delivered);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(Do("car", SubmitOf(task, delivered)), CODE_OK);
  }
};

TEST_F(SettlementTest, ATaskIsPublishedAcceptedDeliveredScoredAndPaid) {
  FoundMarket();
  const v1::Task task = Published();
  ASSERT_THAT(task.menu_size(), Ge(1));
  EXPECT_EQ(task.slots_left(), 3);
  EXPECT_EQ(task.description().text(), "the crossing");
  const std::int64_t reward = task.menu(0).reward_micros();

  ASSERT_EQ(Do("car", AcceptOf(task, 0)), CODE_OK);
  EXPECT_EQ(BalanceOf("car"), 950);
  v1::DeliverDataResponse delivered;
  const grpc::Status status = Deliver(Delivery(task, "car", SomeJpeg(1, 320, 240)), delivered);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_NEAR(delivered.score().quality(), 0.8, 1e-6);
  EXPECT_EQ(delivered.payable_micros(), 830'000);  // 0.7 + the margin of 0.1 + 0.03; 0.8 + 0.03.
  EXPECT_EQ(delivered.score().nonce_commitment(), task.nonce_commitment());

  v1::DeliverDataResponse again;
  ASSERT_TRUE(Deliver(Delivery(task, "car", SomeJpeg(1, 320, 240)), again).ok());
  EXPECT_EQ(again.SerializeAsString(), delivered.SerializeAsString());

  ASSERT_EQ(Do("car", SubmitOf(task, delivered)), CODE_OK);
  const v1::Acceptance paid = Await(task, "car", v1::ACCEPTANCE_STATE_PAID);
  EXPECT_EQ(paid.payable_micros(), 830'000);
  EXPECT_EQ(BalanceOf("car"), 1'000 + reward);

  running_.reset();
  const ledger::VerifierKey key{.name = ledger::kTestChain, .key = ledger::PublicNamed("checkpoint")};
  const auto verified = ledger::VerifyLedger(folder_ / "ledger", key, std::nullopt, 1);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->failed, 0U);
}

TEST_F(SettlementTest, WhatFallsShortIsDisputedAuditedAndRefusedByTheAuditorsWord) {
  FoundMarket();
  v1::PublishTaskRequest request = PublishRequest("strict");
  request.set_delta_micros(0);  // The lower bound counts: 0.7, halved by the resolution.
  v1::PublishTaskResponse published;
  ASSERT_TRUE(Publish(request, published).ok());
  const int dearest = Dearest(published.task());
  ASSERT_GT(published.task().menu(dearest).quality_micros(), 355'000);
  const std::string image = SomeJpeg(1, 160, 120);
  Submit(published.task(), dearest, image);
  EXPECT_EQ(Await(published.task(), "car", v1::ACCEPTANCE_STATE_BELOW).payable_micros(), 350'000);
  ledger::TaskId id{};
  ledger::FromBytes(published.task().id(), id);
  ASSERT_EQ(Do("car", ledger::DisputeBody(id)), CODE_OK);

  v1::FetchEvidenceRequest fetch;
  fetch.set_task(published.task().id());
  fetch.set_vehicle(Key("car"));
  fetch.set_auditor(Key("auditor 0"));
  fetch.set_time_us(now());
  const std::string statement = ledger::FetchStatement(ledger::kTestChain, id, ledger::PublicNamed("car"), now());
  fetch.set_signature(std::string(ledger::BytesOf(ledger::KeyNamed("auditor 0").Sign(statement))));
  grpc::ClientContext context;
  v1::DeliveryEvidence evidence;
  ASSERT_TRUE(stub_->FetchEvidence(&context, fetch, &evidence).ok());
  EXPECT_EQ(evidence.data().image(), image);
  EXPECT_EQ(std::string(ledger::BytesOf(ledger::Sha256({ledger::CanonicalBytes(evidence)}))),
            Await(published.task(), "car", v1::ACCEPTANCE_STATE_DISPUTED).evidence_digest());

  for (const char* auditor : {"auditor 0", "auditor 1"}) {
    ASSERT_EQ(Do(auditor, ledger::ResolveBody(id, "car", 350'000)), CODE_OK);
  }
  Await(published.task(), "car", v1::ACCEPTANCE_STATE_REFUSED);
}

TEST_F(SettlementTest, WhatWasSentToTheOpenServiceBeforeIsAReplayAndLendsNoRequirements) {
  FoundMarket();
  v1::PublishTaskRequest request = PublishRequest("strict");
  request.set_delta_micros(0);
  v1::PublishTaskResponse published;
  ASSERT_TRUE(Publish(request, published).ok());
  ASSERT_EQ(Do("car", AcceptOf(published.task(), 0)), CODE_OK);
  const v1::DeliverDataRequest delivery = Delivery(published.task(), "car", SomeJpeg(1, 160, 120));

  const auto open =
      v1::SensingQualityService::NewStub(grpc::CreateChannel(running_->address(), grpc::InsecureChannelCredentials()));
  v1::ScoreSensingQualityRequest lenient = delivery.data();
  lenient.set_submission_id(ledger::HexOf(published.task().id()));
  *lenient.mutable_requirements() = request.description().requirements();
  lenient.mutable_requirements()->set_width(160);
  lenient.mutable_requirements()->set_height(120);
  grpc::ClientContext context;
  v1::SensingQualityScore score;
  const grpc::Status scored = open->ScoreSensingQuality(&context, lenient, &score);
  ASSERT_TRUE(scored.ok()) << scored.error_message();
  EXPECT_NEAR(score.quality_lower(), 0.7, 1e-4);

  v1::DeliverDataResponse delivered;
  const grpc::Status status = Deliver(delivery, delivered);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(delivered.score().requirements().width(), 320);
  EXPECT_EQ(delivered.payable_micros(), 0);
}

TEST_F(SettlementTest, ARestartForgetsNothing) {
  FoundMarket();
  const v1::Task task = Published();
  ASSERT_EQ(Do("car", AcceptOf(task, 0)), CODE_OK);
  v1::DeliverDataResponse delivered;
  ASSERT_TRUE(Deliver(Delivery(task, "car", SomeJpeg(1, 320, 240)), delivered).ok());
  Restart();
  EXPECT_EQ(Published().id(), task.id());
  v1::DeliverDataResponse again;
  ASSERT_TRUE(Deliver(Delivery(task, "car", SomeJpeg(1, 320, 240)), again).ok());
  EXPECT_EQ(again.SerializeAsString(), delivered.SerializeAsString());
  ASSERT_EQ(Do("car", SubmitOf(task, delivered)), CODE_OK);
  Await(task, "car", v1::ACCEPTANCE_STATE_PAID);
}

TEST_F(SettlementTest, WhoeverDeliversNothingForfeitsItsDeposit) {
  FoundMarket();
  const v1::Task task = Published();
  ASSERT_EQ(Do("car", AcceptOf(task, 0)), CODE_OK);
  Wait(210 * kSecond + 1);
  Await(task, "car", v1::ACCEPTANCE_STATE_FORFEITED);
  EXPECT_EQ(BalanceOf("car"), 950);
}

TEST_F(SettlementTest, ARepeatedPublicationIsTheFirst) {
  FoundMarket();
  v1::PublishTaskResponse first;
  ASSERT_TRUE(Publish(PublishRequest("once"), first).ok());
  EXPECT_TRUE(first.has_contract());
  EXPECT_FALSE(first.placement().repeated());
  const std::int64_t balance = BalanceOf("operator");
  v1::PublishTaskResponse second;
  ASSERT_TRUE(Publish(PublishRequest("once"), second).ok());
  EXPECT_FALSE(second.has_contract());
  EXPECT_TRUE(second.placement().repeated());
  EXPECT_EQ(second.task().id(), first.task().id());
  EXPECT_EQ(second.placement().position(), first.placement().position());
  EXPECT_EQ(BalanceOf("operator"), balance);
}

TEST_F(SettlementTest, NobodyPublishesWithoutTheToken) {
  FoundMarket();
  const std::string before = StateRoot();
  for (const std::string token : {"", "0123456789abcdeF", "0123456789abcde"}) {
    v1::PublishTaskResponse response;
    EXPECT_EQ(Publish(PublishRequest("first"), response, token).error_code(), StatusCode::PERMISSION_DENIED) << token;
  }
  EXPECT_EQ(StateRoot(), before);
}

TEST_F(SettlementTest, AnOperatorThatIsNotRegisteredYetIsToldSo) {
  v1::PublishTaskResponse response;
  const grpc::Status status = Publish(PublishRequest("first"), response);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("not registered"));
  EXPECT_EQ(Ledger().operator_key(), Key("operator"));
  EXPECT_EQ(Ledger().operator_account(), "");
}

TEST_F(SettlementTest, ATaskBeyondTheOperatorsMeansIsRefusedByName) {
  FoundMarket();
  v1::PublishTaskRequest request = PublishRequest("dear");
  request.mutable_contract()->mutable_screening()->clear_budget();
  request.set_slots(100'000);
  const std::string before = Everything();
  v1::PublishTaskResponse response;
  const grpc::Status status = Publish(request, response);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), StartsWith("CODE_INSUFFICIENT_BALANCE"));
  EXPECT_EQ(Everything(), before);
}

TEST_F(SettlementTest, ABadMarketIsRefusedAsByGenerateContract) {
  FoundMarket();
  v1::PublishTaskRequest request = PublishRequest("bad");
  request.mutable_contract()->mutable_screening()->set_value_scale(-1.0);
  const std::string before = StateRoot();
  v1::PublishTaskResponse response;
  const grpc::Status status = Publish(request, response);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("value_scale"));
  EXPECT_EQ(StateRoot(), before);
}

// What is not placed at all: the state's root stays.
TEST_F(SettlementTest, AnEnvelopeThatIsNotWellFormedAndSignedChangesNothing) {
  FoundMarket();
  const v1::Task task = Published();
  const std::string good = Seal("car", AcceptOf(task, 0));
  std::string flipped = good;
  flipped[3] = static_cast<char>(flipped[3] ^ 1);
  std::string altered = good;
  altered.back() = static_cast<char>(altered.back() ^ 1);
  ledger::v1::Body expired = AcceptOf(task, 0);
  expired.set_expires_us(now() - 1);
  ledger::v1::Body far = AcceptOf(task, 0);
  far.set_expires_us(now() + 601 * kSecond);
  const std::string other_chain = ledger::Seal(
      [&] {
        ledger::v1::Body body = AcceptOf(task, 0);
        body.set_expires_us(now() + kSecond);
        return body;
      }(),
      "test.example/another", ledger::KeyNamed("car"));
  // Field 5 is not listed.
  const std::string unknown_field = good + std::string("\x28\x01", 2);

  struct Case {
    const char* code;
    std::string envelope;
    StatusCode status = StatusCode::INVALID_ARGUMENT;
  };
  const std::vector<Case> cases = {
      {"CODE_TOO_LARGE", std::string(65'537, 'x')},
      {"CODE_MALFORMED", ""},
      {"CODE_MALFORMED", good.substr(0, 64)},
      {"CODE_NOT_CANONICAL", unknown_field},
      {"CODE_WRONG_CHAIN", other_chain},
      {"CODE_BAD_SIGNATURE", flipped},
      {"CODE_BAD_SIGNATURE", altered},
      {"CODE_EXPIRED", Seal("car", expired), StatusCode::DEADLINE_EXCEEDED},
      {"CODE_EXPIRY_TOO_FAR", Seal("car", far)},
  };
  const std::string before = StateRoot();
  for (const Case& bad : cases) {
    v1::TransactResponse response;
    const grpc::Status status = Transact(bad.envelope, response);
    EXPECT_EQ(status.error_code(), bad.status) << bad.code;
    EXPECT_THAT(status.error_message(), StartsWith(bad.code));
  }
  EXPECT_EQ(StateRoot(), before);
}

// What is placed with its code: no task, acceptance or amount changes.
TEST_F(SettlementTest, ATransactionThatTheRulesRefuseChangesNothing) {
  FoundMarket();
  const v1::Task task = Published();
  ASSERT_EQ(Do("car", AcceptOf(task, 0)), CODE_OK);
  ledger::TaskId id{};
  ledger::FromBytes(task.id(), id);
  ledger::v1::Body other_menu = AcceptOf(task, 0);
  other_menu.mutable_accept()->set_menu_digest(std::string(32, 'm'));
  ledger::v1::Body negative = ledger::WithdrawBody(-1, false);
  ledger::v1::Body huge = ledger::DepositBody("car", (std::int64_t{1} << 53) + 1);
  ledger::v1::Body unproven;
  unproven.mutable_submit()->set_task(task.id());
  unproven.mutable_submit()->set_data_digest(std::string(32, 'd'));

  struct Case {
    ledger::v1::Code code;
    const char* signer;
    ledger::v1::Body body;
  };
  const std::vector<Case> cases = {
      {ledger::v1::CODE_DUPLICATE_ACCEPTANCE, "car", AcceptOf(task, 0)},
      {ledger::v1::CODE_NO_SUCH_ITEM, "bus", AcceptOf(task, 16)},
      {ledger::v1::CODE_MENU_MISMATCH, "bus", other_menu},
      {ledger::v1::CODE_NOT_AUTHORIZED, "operator", AcceptOf(task, 0)},
      {ledger::v1::CODE_NOT_AUTHORIZED, "bus", ledger::ScoreBody(id, "car", 1'000'000)},
      {ledger::v1::CODE_UNKNOWN_ACCEPTANCE, "operator", ledger::ScoreBody(id, "bus", 1'000'000)},
      {ledger::v1::CODE_WRONG_STATUS, "operator", ledger::ScoreBody(id, "car", 1'000'000)},
      {ledger::v1::CODE_NO_PROOF_OF_DATA, "car", unproven},
      {ledger::v1::CODE_AMOUNT_OUT_OF_RANGE, "car", negative},
      {ledger::v1::CODE_AMOUNT_OUT_OF_RANGE, "mint", huge},
      {ledger::v1::CODE_NOT_AUTHORIZED, "car", ledger::DepositBody("car", 1)},
      {ledger::v1::CODE_INSUFFICIENT_BALANCE, "car", ledger::WithdrawBody(951, false)},
      {ledger::v1::CODE_TOO_EARLY, "bus", ledger::SettleBody(id, "car")},
  };
  const std::string before = Everything();
  for (const Case& bad : cases) {
    EXPECT_EQ(Do(bad.signer, bad.body), bad.code) << ledger::v1::Code_Name(bad.code);
    EXPECT_EQ(Everything(), before) << ledger::v1::Code_Name(bad.code);
  }
}

TEST_F(SettlementTest, AReplayedTransactionHasItsFirstPlace) {
  FoundMarket();
  const std::string envelope = Seal("car", ledger::WithdrawBody(10, false));
  v1::TransactResponse first;
  v1::TransactResponse second;
  ASSERT_TRUE(Transact(envelope, first).ok());
  const std::string before = StateRoot();
  ASSERT_TRUE(Transact(envelope, second).ok());
  EXPECT_TRUE(second.placement().repeated());
  EXPECT_EQ(second.placement().position(), first.placement().position());
  EXPECT_EQ(StateRoot(), before);
  EXPECT_EQ(BalanceOf("car"), 990);
}

TEST_F(SettlementTest, AReceiptComesWithTheAnswerAndVerifies) {
  FoundMarket();
  grpc::ClientContext context;
  v1::TransactRequest request;
  v1::TransactResponse response;
  request.set_envelope(Seal("car", ledger::WithdrawBody(10, false)));
  request.set_want_receipt(true);
  ASSERT_TRUE(stub_->Transact(&context, request, &response).ok());
  const auto receipt = ledger::ParseReceipt(response.receipt());
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  const auto key = ledger::ParseVerifierKey(Ledger().verifier_key());
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_TRUE(ledger::VerifyReceipt(*receipt, *key).ok());
  EXPECT_EQ(receipt->position, response.placement().position());

  grpc::ClientContext later;
  v1::GetReceiptRequest get;
  v1::GetReceiptResponse got;
  get.set_transaction(response.placement().transaction());
  ASSERT_TRUE(stub_->GetReceipt(&later, get, &got).ok());
  EXPECT_EQ(ledger::ParseReceipt(got.receipt())->record.envelope, request.envelope());
}

TEST_F(SettlementTest, ABadDeliveryIsRefusedAndNothingIsKeptOfIt) {
  FoundMarket();
  const v1::Task task = Published();
  ASSERT_EQ(Do("car", AcceptOf(task, 0)), CODE_OK);
  const std::string image = SomeJpeg(1, 320, 240);
  struct Case {
    std::string field;
    std::function<void(v1::DeliverDataRequest&)> damage;
  };
  const std::vector<Case> cases = {
      {"signature", [](auto& r) { (*r.mutable_signature())[0] ^= 1; }},
      {"signature", [](auto& r) { r.mutable_data()->set_image(SomeJpeg(2, 320, 240)); }},
      {"data.capture.signature", [](auto& r) { r.mutable_data()->mutable_capture()->set_latitude(1.0); }},
      {"data.capture.captured_at_us", [](auto& r) { r.mutable_data()->mutable_capture()->set_captured_at_us(0); }},
      {"data.capture.public_key", [](auto& r) { r.mutable_data()->mutable_capture()->clear_public_key(); }},
  };
  for (const Case& bad : cases) {
    v1::DeliverDataRequest request = Delivery(task, "car", image);
    bad.damage(request);
    v1::DeliverDataResponse response;
    const grpc::Status status = Deliver(request, response);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << bad.field;
    EXPECT_THAT(status.error_message(), StartsWith(bad.field));
  }
  v1::DeliverDataResponse response;
  EXPECT_EQ(Deliver(Delivery(task, "car", "no image"), response).error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Deliver(Delivery(task, "bus", image), response).error_code(), StatusCode::NOT_FOUND);
  EXPECT_FALSE(Await(task, "car", v1::ACCEPTANCE_STATE_ACCEPTED).has_evidence());
  ASSERT_TRUE(Deliver(Delivery(task, "car", image), response).ok());
  EXPECT_EQ(Deliver(Delivery(task, "car", SomeJpeg(2, 320, 240)), response).error_code(), StatusCode::ALREADY_EXISTS);
}

TEST_F(SettlementTest, WhatIsTooLargeIsRefused) {
  v1::TransactResponse response;
  const grpc::Status status = Transact(std::string(300'000, 'x'), response);
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  options_.ledger.service.max_delivery_bytes = 1'000;
  Restart();
  FoundMarket();
  const v1::Task task = Published();
  ASSERT_EQ(Do("car", AcceptOf(task, 0)), CODE_OK);
  v1::DeliverDataResponse delivered;
  EXPECT_EQ(Deliver(Delivery(task, "car", std::string(1'001, 'x')), delivered).error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(SettlementTest, WatchersAreToldOfCheckpointsThatVerify) {
  grpc::ClientContext context;
  const auto stream = stub_->WatchCheckpoints(&context, {});
  const auto key = ledger::ParseVerifierKey(Ledger().verifier_key());
  ASSERT_TRUE(key.ok()) << key.status();
  v1::CheckpointMessage message;
  ASSERT_TRUE(stream->Read(&message));
  EXPECT_EQ(ledger::OpenCheckpoint(message.checkpoint(), *key)->size, 1U);
  ASSERT_EQ(Do("mint", ledger::DepositBody("car", 1)), CODE_OK);
  ASSERT_TRUE(stream->Read(&message));
  EXPECT_EQ(ledger::OpenCheckpoint(message.checkpoint(), *key)->size, 2U);
  running_->server().RefuseCalls();
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_EQ(stream->Finish().error_code(), StatusCode::UNAVAILABLE);
}

TEST_F(SettlementTest, StreamsBeyondTheLimitAreRefused) {
  options_.ledger.service.max_streams = 1;
  Restart();
  grpc::ClientContext first_context;
  grpc::ClientContext second_context;
  v1::CheckpointMessage message;
  const auto first = stub_->WatchCheckpoints(&first_context, {});
  ASSERT_TRUE(first->Read(&message));
  const auto second = stub_->WatchCheckpoints(&second_context, {});
  EXPECT_FALSE(second->Read(&message));
  EXPECT_EQ(second->Finish().error_code(), StatusCode::RESOURCE_EXHAUSTED);
  first_context.TryCancel();
  first->Finish();
}

TEST_F(SettlementTest, WhoeverDrainsTakesNoMoreCalls) {
  FoundMarket();
  running_->server().RefuseCalls();
  v1::TransactResponse response;
  EXPECT_EQ(Transact(Seal("car", ledger::WithdrawBody(1, false)), response).error_code(), StatusCode::UNAVAILABLE);
}

TEST_F(SettlementTest, ManyVehiclesAtOnceAreAllPaid) {
  FoundMarket();
  v1::PublishTaskRequest request = PublishRequest("many");
  request.set_slots(8);
  request.set_deposit_micros(0);
  v1::PublishTaskResponse published;
  ASSERT_TRUE(Publish(request, published).ok());
  const v1::Task& task = published.task();
  std::vector<std::string> vehicles;
  for (int i = 0; i < 8; ++i) vehicles.push_back(absl::StrCat("vehicle ", i));
  for (const std::string& vehicle : vehicles) ledger::KeyNamed(vehicle);  // Its map is one thread's.
  std::vector<std::thread> threads;
  for (const std::string& vehicle : vehicles) {
    threads.emplace_back([&, vehicle] {
      EXPECT_EQ(Do(vehicle, AcceptOf(task, 0)), CODE_OK);
      v1::DeliverDataResponse delivered;
      const grpc::Status status = Deliver(Delivery(task, vehicle, SomeJpeg(1, 320, 240)), delivered);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_EQ(Do(vehicle, SubmitOf(task, delivered)), CODE_OK);
      Await(task, vehicle, v1::ACCEPTANCE_STATE_PAID);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& vehicle : vehicles) EXPECT_EQ(BalanceOf(vehicle), task.menu(0).reward_micros()) << vehicle;
}

TEST(NoLedgerTest, WithoutALedgerEveryCallSaysSo) {
  const RunningServer running;
  const auto stub =
      v1::SettlementService::NewStub(grpc::CreateChannel(running.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext unary_context;
  v1::GetLedgerResponse ledger;
  const grpc::Status status = stub->GetLedger(&unary_context, {}, &ledger);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("--ledger"));
  grpc::ClientContext stream_context;
  v1::CheckpointMessage message;
  const auto stream = stub->WatchCheckpoints(&stream_context, {});
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_EQ(stream->Finish().error_code(), StatusCode::FAILED_PRECONDITION);
}

}  // namespace
}  // namespace giot::integration
