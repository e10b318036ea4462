#include "bench/ledger/testnet_keys.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/files.h"
#include "server/ledger/proof/key_file.h"
#include "server/ledger/proof/transaction.h"

namespace giot::bench {
namespace {

constexpr int kAuditors = 3;
constexpr std::int64_t kMinuteUs = 60'000'000;
constexpr std::int64_t kUnitMicros = 1'000'000;

std::int64_t NowUs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string BytesOfKey(const ledger::SecretKey& key) { return std::string(ledger::BytesOf(key.public_key())); }

}  // namespace

absl::Status MakeTestnetKeys(const std::filesystem::path& folder, const std::string& chain_id) {
  const absl::StatusOr<ledger::SecretKey> mint = ledger::CreateSecretKey(folder / "mint.key");
  if (!mint.ok()) return mint.status();
  const absl::StatusOr<ledger::SecretKey> treasury = ledger::CreateSecretKey(folder / "treasury.key");
  if (!treasury.ok()) return treasury.status();
  const absl::StatusOr<ledger::SecretKey> checkpoint = ledger::CreateSecretKey(folder / "checkpoint.key");
  if (!checkpoint.ok()) return checkpoint.status();

  ledger::v1::Body body;
  const std::int64_t now_us = NowUs();
  body.set_expires_us(now_us);
  ledger::v1::Genesis& genesis = *body.mutable_genesis();
  genesis.set_time_us(now_us);
  genesis.set_treasury(BytesOfKey(*treasury));
  for (int i = 1; i <= kAuditors; ++i) {
    const absl::StatusOr<ledger::SecretKey> auditor =
        ledger::CreateSecretKey(folder / absl::StrCat("auditor-", i, ".key"));
    if (!auditor.ok()) return auditor.status();
    genesis.add_auditors(BytesOfKey(*auditor));
  }
  genesis.set_auditor_threshold(kAuditors / 2 + 1);
  genesis.set_min_bond_micros(kUnitMicros);
  genesis.set_penalty_micros(kUnitMicros / 10);
  genesis.set_availability_grace_us(kMinuteUs);
  genesis.set_dispute_window_us(kMinuteUs);
  genesis.set_vote_window_us(kMinuteUs);
  genesis.set_evidence_window_us(kMinuteUs);
  genesis.set_max_task_us(24 * 60 * kMinuteUs);
  return ledger::CreateFile(folder / "genesis.envelope", ledger::Seal(std::move(body), chain_id, *mint));
}

}  // namespace giot::bench
