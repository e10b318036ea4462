#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::ledger {

inline constexpr std::string_view kChainId = "test.example/road";
inline constexpr std::int64_t kGenesisUs = 1'700'000'000'000'000;

// The key whose seed is 32 times this byte.
SecretKey KeyOf(std::uint8_t number);
inline SecretKey MintKey() { return KeyOf(1); }
inline SecretKey CheckpointKey() { return KeyOf(2); }
VerifierKey CheckpointVerifier();

std::string GenesisEnvelope();

// A deposit by the mint, to the account of KeyOf(to). The number makes its nonce, so that the same
// arguments give the same transaction.
std::string DepositEnvelope(std::uint8_t to, std::int64_t amount, std::uint32_t number, std::int64_t expires_us);
// By KeyOf(from); refused with INSUFFICIENT_BALANCE where there is less.
std::string WithdrawEnvelope(std::uint8_t from, std::int64_t amount, std::uint32_t number, std::int64_t expires_us);

// What opens the test's ledger, whose clock is `now_us`; a new one with GenesisEnvelope.
EmbeddedOptions OptionsFor(const std::filesystem::path& path, const char* vfs, const std::atomic<std::int64_t>& now_us,
                           bool is_new);

absl::StatusOr<Placed> SubmitAndWait(Driver& driver, std::string envelope);

// An empty folder for one test's files.
std::filesystem::path EmptyFolder(std::string_view name);

}  // namespace giot::ledger
