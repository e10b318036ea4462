// giot-bench-cometbft: sends transactions to CometBFT engines and measures how many a second they commit, and how long
// that takes: this ledger's, or what CometBFT's own kvstore wants, so that the two can be compared. Prints a line of
// JSON. With --make_genesis it makes keys and Genesis of a chain to try things on instead.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_format.h"
#include "bench/ledger/cometbft_load.h"
#include "bench/ledger/testnet_keys.h"
#include "server/ledger/proof/key_file.h"

ABSL_FLAG(std::string, make_genesis, "", "an existing folder; make keys and genesis.envelope there, and no load");
ABSL_FLAG(std::string, chain_id, "bench.example/ledger", "the chain");
ABSL_FLAG(std::string, payload, "deposits", "what is sent: deposits, or kv for CometBFT's kvstore");
ABSL_FLAG(std::string, mint, "", "key file of the chain's mint, for deposits");
ABSL_FLAG(std::vector<std::string>, rpc, {}, "RPC addresses of the engines, host:port, comma-separated");
ABSL_FLAG(int, bytes, 250, "size of each");
ABSL_FLAG(double, rate, 0.0, "sent a second; 0: as fast as they are answered");
ABSL_FLAG(int, seconds, 10, "how long");
ABSL_FLAG(int, pending, 4'000, "accepted and not yet committed, at most about so many");
ABSL_FLAG(int, connections, 128, "connections that send");
ABSL_FLAG(int, most, 60'000, "at most so many, when no rate is given");

namespace giot::bench {
namespace {

constexpr std::int64_t kExpiryUs = 540'000'000;  // Less than is allowed, since block times lag behind the clock.

absl::StatusOr<std::vector<std::string>> Payloads(std::size_t count) {
  const auto bytes = static_cast<std::size_t>(absl::GetFlag(FLAGS_bytes));
  if (absl::GetFlag(FLAGS_payload) == "kv") return KeyValues(count, bytes);
  if (absl::GetFlag(FLAGS_payload) != "deposits") {
    return absl::InvalidArgumentError("--payload: got '" + absl::GetFlag(FLAGS_payload) + "', want deposits or kv");
  }
  const absl::StatusOr<ledger::SecretKey> mint = ledger::ReadSecretKey(absl::GetFlag(FLAGS_mint));
  if (!mint.ok()) return mint.status();
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t now_us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return DepositsOfSize(count, bytes, absl::GetFlag(FLAGS_chain_id), *mint, now_us + kExpiryUs);
}

absl::Status Measure() {
  LoadOptions options;
  options.rpc_addresses = absl::GetFlag(FLAGS_rpc);
  if (options.rpc_addresses.empty()) return absl::InvalidArgumentError("--rpc: want at least one address");
  options.connections = absl::GetFlag(FLAGS_connections);
  options.per_second = absl::GetFlag(FLAGS_rate);
  options.pending = static_cast<std::size_t>(absl::GetFlag(FLAGS_pending));
  options.seconds = std::chrono::seconds(absl::GetFlag(FLAGS_seconds));
  const double count =
      options.per_second > 0 ? options.per_second * absl::GetFlag(FLAGS_seconds) : absl::GetFlag(FLAGS_most);
  const absl::StatusOr<std::vector<std::string>> payloads = Payloads(static_cast<std::size_t>(count));
  if (!payloads.ok()) return payloads.status();
  const absl::StatusOr<LoadResult> result = RunLoad(*payloads, options);
  if (!result.ok()) return result.status();
  std::cout << absl::StrFormat(
                   R"({"payload": "%s", "bytes": %d, "accepted": %d, "refused": %d, "committed": %d, "blocks": %d, )"
                   R"("seconds": %.2f, "per_second": %.0f, "p50_ms": %.0f, "p95_ms": %.0f})",
                   absl::GetFlag(FLAGS_payload), payloads->front().size(), result->accepted, result->refused,
                   result->committed, result->blocks, result->seconds, result->per_second, result->p50_ms,
                   result->p95_ms)
            << std::endl;
  return absl::OkStatus();
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("loads CometBFT engines and measures what they commit; prints a line of JSON");
  absl::ParseCommandLine(argc, argv);
  const std::string folder = absl::GetFlag(FLAGS_make_genesis);
  const absl::Status done =
      folder.empty() ? giot::bench::Measure() : giot::bench::MakeTestnetKeys(folder, absl::GetFlag(FLAGS_chain_id));
  if (!done.ok()) {
    std::cerr << done << '\n';
    return 1;
  }
  return 0;
}
