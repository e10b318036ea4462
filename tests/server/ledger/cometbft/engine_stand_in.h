#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/server/ledger/cometbft/abci_client.h"

namespace giot::ledger {

// What an application sees of its engine, led by the test: an RPC that puts into a pool what CheckTx accepts, and
// blocks of the pool, one after the other, when the test says so.
class EngineStandIn {
 public:
  // The RPC listens at once.
  explicit EngineStandIn(std::filesystem::path abci_socket);
  ~EngineStandIn();

  std::string rpc_address() const;

  // To an application that listens; a new one gets Genesis of the test's chain.
  void Connect();
  void Disconnect();

  // Of whatever is in the pool.
  void MakeBlock(std::int64_t time_us);

  // What broadcast_tx_sync does from now on: as the engine does; say yes and forget; or an error in these words.
  void Broadcasts() { SetAnswer(Answer::kPool, ""); }
  void Forgets() { SetAnswer(Answer::kForget, ""); }
  void Refuses(std::string error) { SetAnswer(Answer::kError, std::move(error)); }

  // Until the RPC has been asked so often since it was made.
  void WaitForBroadcasts(int count);
  std::size_t pooled() const;

 private:
  enum class Answer { kPool, kForget, kError };
  struct Http;

  void SetAnswer(Answer answer, std::string error);
  std::string Broadcast(const std::string& envelope);

  const std::filesystem::path abci_socket_;
  std::unique_ptr<AbciClient> consensus_;  // The test's thread alone.
  std::int64_t height_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable asked_;
  std::unique_ptr<AbciClient> mempool_;
  std::vector<std::string> pool_;
  Answer answer_ = Answer::kPool;
  std::string error_;
  int broadcasts_ = 0;

  std::unique_ptr<Http> http_;  // Last: its threads use the rest.
};

}  // namespace giot::ledger
