#include "client/settlement/proven_ledger.h"

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/time/clock.h"
#include "client/settlement/transactions.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "tests/client/fake_clock.h"
#include "tests/client/settlement/ledger_server.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::client {
namespace {

using absl::StatusCode;

class ProvenLedgerTest : public testing::Test {
 protected:
  LedgerServer server_{"proven_ledger"};
  FakeClock clock_{absl::Now()};
  SettlementClient client_{grpc::CreateChannel(server_.address(), grpc::InsecureChannelCredentials()), {}, clock_};
  ProvenLedger ledger_{client_, ledger::CheckpointVerifier(), clock_};
  const Wallet vehicle_ = LedgerServer::WalletOf(LedgerServer::kVehicle);
  const Wallet mint_{ledger::MintKey(), std::string(ledger::kChainId)};

  std::string SomeDeposit() { return mint_.Seal(DepositBody(vehicle_.key(), 5, ""), server_.now_us()); }
};

TEST_F(ProvenLedgerTest, ReadsWhatIsThereAndThatNothingIs) {
  EXPECT_EQ(ledger_.ReadOperator(LedgerServer::WalletOf(LedgerServer::kOperator).key())->bond, 10'000'000);
  EXPECT_EQ(ledger_.ReadTerms({}).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(ledger_.Read(ledger::AccountKey(vehicle_.key())).value(), std::nullopt);
  EXPECT_EQ(ledger_.ReadAccount(vehicle_.key())->reputation, 500'000U);
  EXPECT_EQ(ledger_.ReadParameters()->threshold, 1);
  EXPECT_EQ(ledger_.ReadChain()->minted, 100'000'000);
  EXPECT_EQ(ledger_.newest()->size, 4U);
}

TEST_F(ProvenLedgerTest, PlacesATransactionOnce) {
  const std::string envelope = SomeDeposit();
  const auto placed = ledger_.Place(envelope);
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(placed->position, 4U);
  EXPECT_EQ(ledger_.Place(envelope)->position, 4U);
  EXPECT_EQ(ledger_.ReadAccount(vehicle_.key())->balance, 5);
}

TEST_F(ProvenLedgerTest, ProvesThatARuleRefused) {
  const auto placed = ledger_.Place(vehicle_.Seal(WithdrawBody(1, false, ""), server_.now_us()));
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(placed->code, ledger::v1::CODE_INSUFFICIENT_BALANCE);
}

TEST_F(ProvenLedgerTest, RepeatsACallWhoseEffectIsUnknown) {
  std::atomic<int> calls = 0;
  server_.Lie({.before_transact = [&calls] {
    return ++calls == 1 ? grpc::Status(grpc::StatusCode::ABORTED, "unknown") : grpc::Status::OK;
  }});
  EXPECT_TRUE(ledger_.Place(SomeDeposit()).ok());
  EXPECT_EQ(calls, 2);
}

TEST_F(ProvenLedgerTest, AsksForAReceiptThatComesLater) {
  server_.Lie({.transact = [](v1::TransactResponse& reply) { reply.clear_receipt(); }});
  EXPECT_EQ(ledger_.Place(SomeDeposit())->position, 4U);
}

TEST_F(ProvenLedgerTest, RefusesAnotherLedgersCheckpoints) {
  ledger::VerifierKey other = ledger::CheckpointVerifier();
  other.key = ledger::KeyOf(50).public_key();
  ProvenLedger misled(client_, other, clock_);
  EXPECT_EQ(misled.ReadChain().status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(misled.Place(SomeDeposit()).status().code(), StatusCode::kDataLoss);
}

TEST_F(ProvenLedgerTest, RefusesTheReceiptOfAnotherTransaction) {
  std::string first;
  server_.Lie({.transact = [&first](v1::TransactResponse& reply) { first = reply.receipt(); }});
  ASSERT_TRUE(ledger_.Place(SomeDeposit()).ok());
  server_.Lie({.transact = [&first](v1::TransactResponse& reply) { reply.set_receipt(first); }});
  EXPECT_EQ(ledger_.Place(SomeDeposit()).status().code(), StatusCode::kDataLoss);
}

TEST_F(ProvenLedgerTest, RefusesACodeThatTheLogDoesNotHave) {
  server_.Lie(
      {.transact = [](v1::TransactResponse& reply) { reply.mutable_placement()->set_code(ledger::v1::CODE_NO_SLOT); }});
  EXPECT_EQ(ledger_.Place(SomeDeposit()).status().code(), StatusCode::kDataLoss);
}

TEST_F(ProvenLedgerTest, RefusesToGoBack) {
  std::string old;
  server_.Lie({.state_proof = [&old](std::string& text) { old = text; }});
  ASSERT_TRUE(ledger_.ReadChain().ok());
  server_.Lie({});
  ASSERT_TRUE(ledger_.Place(SomeDeposit()).ok());
  server_.Lie({.state_proof = [&old](std::string& text) { text = old; }});
  EXPECT_EQ(ledger_.ReadChain().status().code(), StatusCode::kDataLoss);
}

TEST_F(ProvenLedgerTest, RefusesTheProofOfAnotherEntry) {
  std::string parameters;
  server_.Lie({.state_proof = [&parameters](std::string& text) { parameters = text; }});
  ASSERT_TRUE(ledger_.ReadParameters().ok());
  server_.Lie({.state_proof = [&parameters](std::string& text) { text = parameters; }});
  EXPECT_EQ(ledger_.ReadChain().status().code(), StatusCode::kDataLoss);
}

TEST_F(ProvenLedgerTest, FollowsALedgerWhoseClockIsAhead) {
  server_.Advance(200'000'000);
  ASSERT_TRUE(client_.Transact(mint_.Seal(DepositBody(vehicle_.key(), 5, ""), server_.now_us()), false).ok());
  EXPECT_GE(*ledger_.NowUs(), server_.now_us());
}

TEST_F(ProvenLedgerTest, SignsNothingByATimeThatIsFarAhead) {
  const std::int64_t most = absl::ToUnixMicros(clock_.Now()) + absl::ToInt64Microseconds(ProvenLedger::kMostAhead);
  for (const std::int64_t told : {most + 1, std::numeric_limits<std::int64_t>::max()}) {
    server_.Lie({.about = [told](v1::GetLedgerResponse& reply) { reply.set_block_time_us(told); }});
    EXPECT_EQ(ledger_.NowUs().status().code(), StatusCode::kFailedPrecondition) << told;
  }
  server_.Lie({.about = [most](v1::GetLedgerResponse& reply) { reply.set_block_time_us(most); }});
  EXPECT_EQ(*ledger_.NowUs(), most);
}

TEST_F(ProvenLedgerTest, KeepsItsOwnTimeWhereTheLedgersIsBehind) {
  server_.Lie({.about = [](v1::GetLedgerResponse& reply) {
    reply.set_block_time_us(std::numeric_limits<std::int64_t>::min());
  }});
  EXPECT_EQ(*ledger_.NowUs(), absl::ToUnixMicros(clock_.Now()));
}

TEST_F(ProvenLedgerTest, StreamsCheckpoints) {
  CheckpointStream stream = client_.WatchCheckpoints(absl::Seconds(10));
  const auto note = stream.Next();
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(ledger::OpenCheckpoint(*note, ledger::CheckpointVerifier())->size, 4U);
  EXPECT_EQ(stream.Next().status().code(), StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace giot::client
