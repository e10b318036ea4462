#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "giot/v1/settlement.grpc.pb.h"
#include "gtest/gtest.h"
#include "server/ledger/proof/ed25519.h"
#include "tests/integration/running_server.h"
#include "tests/server/ledger/state/test_ledger.h"

namespace giot::integration {

// A server that keeps a ledger of its own in an empty folder, whose Genesis is ledger::GenesisBody; keys are
// ledger::KeyNamed. Its clock stands, at first at ledger::kStart; it looks at deliveries and deadlines every
// millisecond. All is signed here, as clients do: the server has the keys "operator" and "checkpoint" alone.
class SettlementFixture : public testing::Test {
 protected:
  void SetUp() override;
  void Restart();

  static constexpr char kToken[] = "0123456789abcdef";

  std::string Seal(std::string_view signer, ledger::v1::Body body) const;
  grpc::Status Transact(const std::string& envelope, v1::TransactResponse& response);
  // The code; a failed call fails the test.
  ledger::v1::Code Do(std::string_view signer, ledger::v1::Body body);
  // Deposits for "operator", "car" and "bus", and the operator's registration.
  void FoundMarket();

  v1::PublishTaskRequest PublishRequest(const std::string& request_id) const;
  grpc::Status Publish(const v1::PublishTaskRequest& request, v1::PublishTaskResponse& response,
                       const std::string& token = kToken);
  v1::Task Published(const std::string& request_id = "first");
  ledger::v1::Body AcceptOf(const v1::Task& task, int item) const;
  // Signed twice: the capture and the delivery.
  v1::DeliverDataRequest Delivery(const v1::Task& task, std::string_view vehicle, const std::string& image) const;
  ledger::v1::Body SubmitOf(const v1::Task& task, const v1::DeliverDataResponse& delivered) const;

  // Asks until the acceptance is in this state; fails the test where it has come to another final one.
  v1::Acceptance Await(const v1::Task& task, std::string_view vehicle, v1::AcceptanceState state);
  v1::GetLedgerResponse Ledger();
  std::int64_t BalanceOf(std::string_view name);
  // Tasks, acceptances and money, as the service tells of them.
  std::string Everything();
  // Of the state as a checkpoint vouches for it.
  std::string StateRoot();

  static std::string Key(std::string_view name);

  void Wait(std::int64_t us) { now_us_ += us; }
  std::int64_t now() const { return now_us_; }

  std::filesystem::path folder_;
  server::ServerOptions options_;
  std::atomic<std::int64_t> now_us_ = ledger::kStart;
  std::unique_ptr<RunningServer> running_;
  std::unique_ptr<v1::SettlementService::Stub> stub_;
};

}  // namespace giot::integration
