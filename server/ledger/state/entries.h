#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::ledger {

// The state's entries, their keys and their bytes: the table of FORMAT.md section 3. Money in
// micro-units, qualities and reputations in 1e-6, times in microseconds.

using Account = PublicKey;  // An operator's: the key that it registered with.
using TaskId = Digest;

inline constexpr std::size_t kMostAuditors = 16;
inline constexpr std::size_t kMostItems = 16;

struct Parameters {
  PublicKey mint{};
  Account treasury{};
  std::int64_t min_bond = 0;
  std::int64_t penalty = 0;
  std::int64_t availability_grace = 0;
  std::int64_t dispute_window = 0;
  std::int64_t vote_window = 0;
  std::int64_t evidence_window = 0;
  std::int64_t max_task = 0;
  std::uint8_t threshold = 0;
  std::vector<PublicKey> auditors;
};

struct Chain {
  std::uint64_t height = 0;  // Of the last block that holds a transaction.
  std::int64_t time = 0;
  std::int64_t minted = 0;
  std::int64_t withdrawn = 0;
  std::int64_t balances = 0;  // Sums over all entries.
  std::int64_t escrow = 0;
  std::int64_t reserves = 0;
  std::int64_t deposits = 0;
  std::int64_t bonds = 0;
};

struct KeyEntry {
  v1::KeyRole role = v1::KEY_ROLE_UNSPECIFIED;
  bool revoked = false;
  Account account{};  // An auditor's: its index, then zeros; the mint's: zeros.
};

struct AccountEntry {
  static constexpr std::uint32_t kFirstReputation = 500'000;

  std::int64_t balance = 0;
  std::uint32_t reputation = kFirstReputation;
  std::uint32_t fulfilled = 0;
  std::uint32_t failed = 0;
};

enum class OperatorStatus : std::uint8_t { kActive = 1, kSlashed = 2 };

struct OperatorEntry {
  PublicKey key{};
  PublicKey checkpoint_key{};
  std::int64_t bond = 0;
  std::int64_t bond_locked_until = 0;
  OperatorStatus status = OperatorStatus::kActive;
};

struct TaskItem {
  std::uint32_t quality = 0;
  std::int64_t reward = 0;
  std::uint32_t update_rate = 0;
};

// What was published; never changed, so that an acceptance need not hash it anew.
struct TaskTerms {
  Account operator_account{};
  std::int64_t accept_by = 0;
  std::int64_t submit_by = 0;
  std::int64_t score_by = 0;
  std::int64_t deposit = 0;
  std::uint32_t delta = 0;  // Announced, for whoever scores; no rule needs it, nor the next.
  std::uint32_t allowance = 0;
  std::uint32_t min_reputation = 0;
  Digest scorer{};
  Digest nonce_commitment{};
  std::vector<TaskItem> menu;
};

enum class TaskStatus : std::uint8_t { kOpen = 1, kClosed = 2 };

struct TaskFunds {
  std::int64_t escrow = 0;
  std::uint32_t slots_left = 0;
  std::uint32_t open = 0;         // Acceptances without a final status.
  std::uint32_t acceptances = 0;  // Entries.
  TaskStatus status = TaskStatus::kOpen;
};

enum class AcceptanceStatus : std::uint8_t {
  kAccepted = 1,
  kSubmitted = 2,
  kBelow = 3,  // Scored, not fulfilled.
  kDisputed = 4,
  kPaid = 5,  // This and what follows are final.
  kRefused = 6,
  kForfeited = 7,
};
inline bool IsFinal(AcceptanceStatus status) { return status >= AcceptanceStatus::kPaid; }

struct Acceptance {
  AcceptanceStatus status = AcceptanceStatus::kAccepted;
  std::uint8_t item = 0;
  std::int64_t reserve = 0;
  std::int64_t deposit = 0;
  std::int64_t deadline = 0;  // After which Settle moves it on; 0 if final.
  Digest data{};
  std::uint32_t payable = 0;  // The quality that the delivery counts for, as the operator scored it.
  Digest evidence{};
  std::uint16_t voted = 0;  // Bit i: auditor i.
  std::uint16_t to_pay = 0;
  std::uint32_t least_to_pay = 0;  // Payable quality.
};

std::string ParametersKey();
std::string ChainKey();
std::string KeyKey(const PublicKey& key);
std::string AccountKey(const Account& account);
std::string OperatorKey(const Account& account);
std::string TermsKey(const TaskId& task);
std::string FundsKey(const TaskId& task);
std::string AcceptanceKey(const TaskId& task, const PublicKey& vehicle);

std::string Encode(const Parameters& entry);
std::string Encode(const Chain& entry);
std::string Encode(const KeyEntry& entry);
std::string Encode(const AccountEntry& entry);
std::string Encode(const OperatorEntry& entry);
std::string Encode(const TaskTerms& entry);
std::string Encode(const TaskFunds& entry);
std::string Encode(const Acceptance& entry);

// False if the bytes are not such an entry of version 1, whole and in range.
bool Decode(std::string_view bytes, Parameters& entry);
bool Decode(std::string_view bytes, Chain& entry);
bool Decode(std::string_view bytes, KeyEntry& entry);
bool Decode(std::string_view bytes, AccountEntry& entry);
bool Decode(std::string_view bytes, OperatorEntry& entry);
bool Decode(std::string_view bytes, TaskTerms& entry);
bool Decode(std::string_view bytes, TaskFunds& entry);
bool Decode(std::string_view bytes, Acceptance& entry);

// Whether the key is one of the above and the value is of its kind.
bool IsEntry(std::string_view key, std::string_view value);

// Of a task's menu, as a vehicle accepts it.
Digest MenuDigest(const std::vector<TaskItem>& menu);

}  // namespace giot::ledger
