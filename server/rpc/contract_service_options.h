#pragma once

#include <algorithm>
#include <thread>

#include "absl/time/time.h"
#include "server/engine/contract_engine.h"

namespace giot::rpc {

inline int HardwareThreads() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

struct ContractServiceOptions {
  engine::EngineOptions engine;
  int max_samples = 4096;
  int max_concurrent = 256;               // Requests of microseconds computed at once, streamed ones included.
  int max_message_bytes = 64 * 1024;      // Largest request.
  int max_streams = 1024;                 // Open StreamContracts calls.
  int max_polishing = HardwareThreads();  // Requests that polish or search at once.
  absl::Duration max_polish = absl::Milliseconds(100);  // What time budgets are cut to.
};

}  // namespace giot::rpc
