#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "client/settlement/wallet.h"
#include "giot/v1/settlement.grpc.pb.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/state/entries.h"
#include "tests/client/loopback_server.h"

namespace giot::client {

// A settlement service on a free port of the loopback, over a real ledger in a folder of its own: the test's chain
// (tests/server/ledger/test_chain.h) with an operator and one task of two items. Scores nothing by itself, and says
// what a test wants it to, true or false.
class LedgerServer {
 public:
  static constexpr std::uint8_t kOperator = 10;  // Keys, by their numbers, as the next.
  static constexpr std::uint8_t kVehicle = 20;

  // What is done to answers before they are sent; called by gRPC's threads.
  struct Lies {
    std::function<grpc::Status()> before_transact = nullptr;  // An error is answered instead.
    std::function<void(v1::GetLedgerResponse&)> about = nullptr;
    std::function<void(v1::TransactResponse&)> transact = nullptr;
    std::function<void(v1::DeliverDataResponse&)> deliver = nullptr;
    std::function<void(v1::Task&)> task = nullptr;
    std::function<void(std::string&)> state_proof = nullptr;
    std::function<void(std::string&)> receipt = nullptr;
    std::function<void(std::string&)> consistency_proof = nullptr;
  };

  explicit LedgerServer(const std::string& folder);
  ~LedgerServer();

  const std::string& address() const { return server_->address(); }
  const ledger::TaskId& task() const { return task_; }
  std::int64_t now_us() const { return now_us_; }
  void Advance(std::int64_t us) { now_us_ += us; }
  void Lie(Lies lies);

  // Has it placed, and expects that its code is OK.
  void Place(const Wallet& signer, ledger::v1::Body body);
  // The operator's, of what kVehicle delivered.
  void Score(std::int32_t payable_micros);

  // The file of the ledger as it is now, at another path.
  void Export(const std::string& path);

  static Wallet WalletOf(std::uint8_t key);
  static v1::TaskDescription Description();

 private:
  class Service;

  void Publish();

  std::atomic<std::int64_t> now_us_;
  std::unique_ptr<ledger::EmbeddedDriver> driver_;
  ledger::TaskId task_{};
  std::unique_ptr<Service> service_;
  std::unique_ptr<LoopbackServer> server_;
};

}  // namespace giot::client
