#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/ledger/cometbft/application.h"
#include "tests/server/ledger/memory_vfs.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {

// What an application told, in order.
class Told : public ApplicationObserver {
 public:
  struct Decided {
    std::int64_t height = 0;
    Digest app_hash{};       // Of the machine at that moment.
    std::uint64_t size = 0;  // Of the database's log.
  };

  void OnDecided(std::int64_t height, StateMachine& machine, LedgerDatabase& database) override {
    decided.push_back({height, machine.app_hash(), database.Size().value()});
  }
  void OnCommitted(const CommittedBlock& block) override { committed.push_back(block); }
  void OnStopped(const absl::Status& reason) override { stopped.push_back(reason); }

  std::vector<Decided> decided;
  std::vector<CommittedBlock> committed;
  std::vector<absl::Status> stopped;
};

// The test's chain as an engine would lead it, on a disk in memory.
class ChainInMemory {
 public:
  static constexpr std::int64_t kSecond = 1'000'000;

  // Opens the application anew, as after a crash: what was not committed is gone.
  absl::Status Open();
  // Ends the application together with the disk; what was not synced is lost, or not, or torn.
  void CutPower(std::mt19937_64& random);
  // Of an open one.
  Application& application() { return *application_; }

  absl::StatusOr<Digest> InitChain();
  // FinalizeBlock and Commit of the next height, a second after the last; aborts if they fail. The app hash.
  Digest Add(const std::vector<std::string>& envelopes);
  std::int64_t NextHeight();
  // Of the block of a height.
  static std::int64_t TimeOf(std::int64_t height) { return kGenesisUs + height * kSecond; }

  // Expires five minutes after Genesis. The number makes it another transaction.
  static std::string Deposit(std::uint32_t number) { return DepositEnvelope(9, 5, number, kGenesisUs + 300 * kSecond); }
  static std::string WithBadSignature(std::string envelope);

  MemoryVfs vfs;
  std::atomic<std::int64_t> now_us = kGenesisUs;
  std::chrono::milliseconds most_wait{10'000};  // As in ApplicationOptions; from the next Open on.
  Told told;

 private:
  std::unique_ptr<Application> application_;
};

}  // namespace giot::ledger
