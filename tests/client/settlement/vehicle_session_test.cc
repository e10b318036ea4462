#include "client/settlement/vehicle_session.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "tests/client/fake_clock.h"
#include "tests/client/settlement/ledger_server.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::client {
namespace {

using absl::StatusCode;

v1::ScoreSensingQualityRequest Photo(const std::string& bytes = "a photo") {
  v1::ScoreSensingQualityRequest data;
  data.set_image(bytes);
  data.mutable_capture()->set_captured_at_us(1);
  return data;
}

// A vehicle before a server that may lie. Item 1 asks .7, and the server finds .725: min(.625 + .1, .75 + .03).
class VehicleSessionTest : public testing::Test {
 protected:
  LedgerServer server_{"vehicle_session"};
  FakeClock clock_{absl::Now()};
  SettlementClient client_{grpc::CreateChannel(server_.address(), grpc::InsecureChannelCredentials()), {}, clock_};
  ProvenLedger ledger_{client_, ledger::CheckpointVerifier(), clock_};
  const Wallet wallet_ = LedgerServer::WalletOf(LedgerServer::kVehicle);
  VehicleSession session_{ledger_, wallet_, server_.task()};

  StatusCode DeliverTo(std::function<void(v1::DeliverDataResponse&)> lie) {
    EXPECT_TRUE(session_.Accept(1).ok());
    server_.Lie({.deliver = std::move(lie)});
    return session_.Deliver(Photo()).status().code();
  }
};

TEST_F(VehicleSessionTest, GoesFromTermsToMoney) {
  const auto terms = session_.Terms();
  ASSERT_TRUE(terms.ok()) << terms.status();
  EXPECT_EQ(terms->menu[1].reward, 1'400'000);
  EXPECT_EQ(session_.Description()->text(), "the road ahead");
  const auto accepted = session_.Accept(1);
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  const auto delivered = session_.Deliver(Photo());
  ASSERT_TRUE(delivered.ok()) << delivered.status();
  EXPECT_EQ(delivered->payable_micros, 725'000);
  ASSERT_TRUE(session_.Submit(*delivered).ok());
  server_.Score(725'000);
  const auto outcome = session_.AwaitOutcome(absl::Seconds(1));
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->status, ledger::AcceptanceStatus::kPaid);
  EXPECT_EQ(ledger_.ReadAccount(wallet_.key())->balance, 1'400'000);
}

TEST_F(VehicleSessionTest, DisputesAScoreThatDoesNotPay) {
  ASSERT_TRUE(session_.Accept(1).ok());
  server_.Lie({.deliver = [](auto& reply) {
    reply.mutable_score()->set_quality_lower(0.5);
    reply.set_payable_micros(600'000);
  }});
  ASSERT_TRUE(session_.Submit(*session_.Deliver(Photo())).ok());
  server_.Score(600'000);
  EXPECT_EQ(session_.AwaitOutcome(absl::Seconds(1))->status, ledger::AcceptanceStatus::kBelow);
  ASSERT_TRUE(session_.Dispute().ok());
  EXPECT_EQ(ledger_.ReadAcceptance(server_.task(), wallet_.key())->status, ledger::AcceptanceStatus::kDisputed);
}

TEST_F(VehicleSessionTest, IsPaidByTheDeadlineWhereTheOperatorGoesSilent) {
  ASSERT_TRUE(session_.Accept(0).ok());
  ASSERT_TRUE(session_.Submit(*session_.Deliver(Photo())).ok());
  EXPECT_EQ(session_.Settle().status().code(), StatusCode::kFailedPrecondition);
  server_.Advance(301'000'000);
  clock_.Advance(absl::Seconds(301));
  ASSERT_TRUE(session_.Settle().ok());
  EXPECT_EQ(session_.AwaitOutcome(absl::Seconds(1))->status, ledger::AcceptanceStatus::kPaid);
}

TEST_F(VehicleSessionTest, RepeatsADeliveryWithTheSameDigest) {
  ASSERT_TRUE(session_.Accept(1).ok());
  VehicleSession other(ledger_, wallet_, server_.task());
  EXPECT_EQ(session_.Deliver(Photo())->data_digest, other.Deliver(Photo())->data_digest);
  EXPECT_NE(session_.Deliver(Photo())->data_digest, session_.Deliver(Photo("another"))->data_digest);
}

TEST_F(VehicleSessionTest, NamesTheCodeOfARefusal) {
  ASSERT_TRUE(session_.Accept(1).ok());
  const absl::Status again = session_.Accept(1).status();
  EXPECT_EQ(again.code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(again.message().substr(0, 25), "CODE_DUPLICATE_ACCEPTANCE");
}

TEST_F(VehicleSessionTest, GivesUpWaitingAfterTheTime) {
  ASSERT_TRUE(session_.Accept(1).ok());
  EXPECT_EQ(session_.AwaitOutcome(absl::Seconds(1), absl::Milliseconds(300)).status().code(),
            StatusCode::kDeadlineExceeded);
  EXPECT_EQ(clock_.sleeps().size(), 3U);
}

TEST_F(VehicleSessionTest, RefusesAnotherMenu) {
  // A reward of 1.4 in the proof's base64 becomes another.
  server_.Lie({.state_proof = [](std::string& text) {
    const std::size_t value = text.find("value ") + 30;
    text[value] = text[value] == 'A' ? 'B' : 'A';
  }});
  EXPECT_EQ(session_.Terms().status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(session_.Accept(1).status().code(), StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesAnotherDescription) {
  server_.Lie({.task = [](v1::Task& task) { task.mutable_description()->set_radius_m(5.0); }});
  EXPECT_EQ(session_.Description().status().code(), StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesAForgedReceiptOfData) {
  EXPECT_EQ(DeliverTo([](auto& reply) { (*reply.mutable_receipt_signature())[5] ^= 1; }), StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesAReceiptThatAnotherKeySigned) {
  EXPECT_EQ(DeliverTo([](auto& reply) {
              const ledger::SecretKey stranger = ledger::KeyOf(99);
              reply.set_operator_key(std::string(ledger::BytesOf(stranger.public_key())));
            }),
            StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesAReceiptOfOtherData) {
  EXPECT_EQ(DeliverTo([](auto& reply) { (*reply.mutable_data_digest())[0] ^= 1; }), StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesAReceiptOfAnotherTime) {
  EXPECT_EQ(DeliverTo([](auto& reply) { reply.set_received_us(reply.received_us() - 1); }), StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesAScoreByAnotherTimeOfArrival) {
  EXPECT_EQ(DeliverTo([](auto& reply) {
              reply.mutable_score()->set_received_at_us(reply.mutable_score()->received_at_us() + 1);
            }),
            StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesATimeOfArrivalThatCannotBe) {
  ASSERT_TRUE(session_.Accept(1).ok());
  v1::ScoreSensingQualityRequest data = Photo();
  data.mutable_capture()->set_captured_at_us(server_.now_us() + 5'000'001);
  EXPECT_EQ(session_.Deliver(data).status().code(), StatusCode::kDataLoss) << "before the capture";
  data.mutable_capture()->set_captured_at_us(server_.now_us() + 5'000'000);
  EXPECT_TRUE(session_.Deliver(data).ok());
  server_.Advance(5'000'001 + absl::ToUnixMicros(clock_.Now()) - server_.now_us());
  EXPECT_EQ(session_.Deliver(Photo()).status().code(), StatusCode::kDataLoss) << "later than now";
}

TEST_F(VehicleSessionTest, RefusesAPayableThatTheScoreDoesNotGive) {
  EXPECT_EQ(DeliverTo([](auto& reply) { reply.set_payable_micros(724'999); }), StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesAScoreOfOtherData) {
  EXPECT_EQ(DeliverTo([](auto& reply) { reply.mutable_score()->set_data_sha256(std::string(32, 'x')); }),
            StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesAScoreByAnotherModel) {
  EXPECT_EQ(DeliverTo([](auto& reply) { reply.mutable_score()->mutable_model()->set_digest("another"); }),
            StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesANonceOfAnotherSecret) {
  EXPECT_EQ(DeliverTo([](auto& reply) { reply.mutable_score()->set_nonce_commitment("another"); }),
            StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, HoldsTheScoreToTheTasksRequirements) {
  ASSERT_TRUE(session_.Description().ok());
  EXPECT_EQ(DeliverTo([](auto& reply) { reply.mutable_score()->mutable_requirements()->set_width(4000); }),
            StatusCode::kDataLoss);
}

TEST_F(VehicleSessionTest, RefusesAScoreThatIsNotTheOneOfTheDelivery) {
  ASSERT_TRUE(session_.Accept(1).ok());
  ASSERT_TRUE(session_.Submit(*session_.Deliver(Photo())).ok());
  server_.Score(600'000);
  EXPECT_EQ(session_.AwaitOutcome(absl::Seconds(1)).status().code(), StatusCode::kDataLoss);
}

}  // namespace
}  // namespace giot::client
