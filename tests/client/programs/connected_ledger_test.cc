#include "client/programs/connected_ledger.h"

#include <atomic>
#include <filesystem>
#include <string>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/time/time.h"
#include "client/programs/command_flags.h"
#include "client/programs/small_file.h"
#include "client/settlement/transactions.h"
#include "gmock/gmock.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"
#include "tests/client/settlement/ledger_server.h"
#include "tests/server/ledger/test_chain.h"

ABSL_DECLARE_FLAG(absl::Duration, deadline);

namespace giot::client {
namespace {

using absl::StatusCode;
using testing::HasSubstr;

class ConnectedLedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::current_path(ledger::EmptyFolder("connected_ledger_files"));
    absl::SetFlag(&FLAGS_server, server_.address());
  }
  void TearDown() override { std::filesystem::current_path(before_); }

  absl::Status Deposit(ConnectedLedger& connected) {
    return Place(connected, {ledger::MintKey(), std::string(ledger::kChainId)}, DepositBody(vehicle_, 5, ""));
  }
  void AnswerTransact(const grpc::Status& status) {
    server_.Lie({.before_transact = [status] { return status; }});
  }
  static bool NothingIsKept() { return std::filesystem::is_empty(std::filesystem::current_path()); }

  const absl::FlagSaver saver_;
  const std::filesystem::path before_ = std::filesystem::current_path();
  LedgerServer server_{"connected_ledger"};
  const ledger::PublicKey vehicle_ = LedgerServer::WalletOf(LedgerServer::kVehicle).key();
};

TEST_F(ConnectedLedgerTest, RepeatsATransactionMoreOftenThanOtherCalls) {
  ConnectedLedger connected(ledger::CheckpointVerifier());
  std::atomic<int> calls = 0;
  server_.Lie({.before_transact = [&calls] {
    return ++calls <= CallOptions().retry.max_attempts ? grpc::Status(grpc::StatusCode::ABORTED, "unknown")
                                                       : grpc::Status::OK;
  }});
  EXPECT_TRUE(Deposit(connected).ok());
  EXPECT_TRUE(NothingIsKept());
}

TEST_F(ConnectedLedgerTest, KeepsATransactionThatMayBePlacedForARepetition) {
  absl::SetFlag(&FLAGS_deadline, absl::Seconds(2));
  ConnectedLedger hasty(ledger::CheckpointVerifier());
  AnswerTransact({grpc::StatusCode::ABORTED, "unknown"});
  const absl::Status status = Deposit(hasty);
  EXPECT_FALSE(status.ok());
  ASSERT_FALSE(NothingIsKept());
  const std::filesystem::path file = *std::filesystem::directory_iterator(std::filesystem::current_path());
  EXPECT_THAT(std::string(status.message()), HasSubstr("giotctl ledger place " + file.filename().string()));

  server_.Lie({});
  absl::SetFlag(&FLAGS_deadline, absl::Seconds(20));
  ConnectedLedger connected(ledger::CheckpointVerifier());
  const std::string envelope = *ReadSmallFile(file);
  EXPECT_TRUE(PlaceEnvelope(connected, envelope).ok());
  EXPECT_TRUE(PlaceEnvelope(connected, envelope).ok());
  EXPECT_EQ(connected.ledger.ReadAccount(vehicle_)->balance, 5);
}

TEST_F(ConnectedLedgerTest, KeepsNothingThatCertainlyIsNotPlaced) {
  ConnectedLedger connected(ledger::CheckpointVerifier());
  AnswerTransact({grpc::StatusCode::DEADLINE_EXCEEDED, "CODE_EXPIRED: expires_us"});
  EXPECT_EQ(Deposit(connected).code(), StatusCode::kDeadlineExceeded);
  AnswerTransact({grpc::StatusCode::INVALID_ARGUMENT, "CODE_MALFORMED"});
  EXPECT_EQ(Deposit(connected).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(NothingIsKept());
}

}  // namespace
}  // namespace giot::client
