// Writes to a ledger until it is killed: prints "open", then each acknowledged position and id.
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/ledger/embedded_driver.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

constexpr int kMostWaiting = 8;

std::int64_t ClockUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// In one call, so that a line is there or not.
void Print(const std::string& line) {
  if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
}

int Main(const std::string& path, bool is_new, std::uint32_t number) {
  EmbeddedOptions options;
  options.path = path;
  options.chain_id = kChainId;
  if (is_new) options.genesis = GenesisEnvelope();
  options.group = 4;
  options.most_log_frames = 40;
  const auto driver = EmbeddedDriver::Open(std::move(options), CheckpointKey());
  if (!driver.ok()) {
    std::cerr << driver.status() << '\n';
    return 1;
  }
  Print("open\n");
  std::mutex mutex;
  std::condition_variable changed;
  int waiting = 0;
  for (;; ++number) {
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return waiting < kMostWaiting; });
      ++waiting;
    }
    (*driver)->Submit(DepositEnvelope(9, 1, number, ClockUs() + 60'000'000), [&](const absl::StatusOr<Placed>& placed) {
      if (!placed.ok()) std::abort();
      Print(absl::StrCat(placed->position, " ", HexOf(BytesOf(placed->id)), "\n"));
      std::lock_guard lock(mutex);
      --waiting;
      changed.notify_one();
    });
  }
}

}  // namespace
}  // namespace giot::ledger

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  return giot::ledger::Main(argv[1], std::string(argv[2]) == "new", static_cast<std::uint32_t>(std::atoi(argv[3])));
}
