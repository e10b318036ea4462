#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "server/ledger/proof/ed25519.h"

namespace giot::bench {

inline constexpr char kChainId[] = "bench.example/ledger";

// Keys that are the same in each run.
ledger::SecretKey MintKey();
ledger::SecretKey CheckpointKey();
std::string GenesisEnvelope(std::int64_t now_us);

// Deposits of the mint, each to an account of its own of `from`, `from` + 1, ..., signed by several threads.
std::vector<std::string> Deposits(std::size_t from, std::size_t count, std::int64_t expires_us);
// The account of a deposit.
ledger::PublicKey AccountOf(std::size_t number);

}  // namespace giot::bench
