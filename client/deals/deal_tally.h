#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/conduct.h"
#include "server/ledger/state/entries.h"

namespace giot::client {

// A vehicle's part in a task of the ledger, and what became of it, as proofs show it. Money in micro-units, qualities
// in 1e-6.
struct DealResult {
  std::optional<Conduct> conduct = std::nullopt;       // nullopt: accepted, and was never heard of again.
  std::int64_t agreed = 0;                             // Quality.
  std::int64_t reward = 0;                             // Of the item.
  std::int64_t funded = 0;                             // What the mint gave the vehicle.
  std::int64_t deposit = 0;                            // What the task locked of it.
  std::optional<std::int32_t> payable = std::nullopt;  // What the delivery counts for; nullopt if none was taken.
  bool disputed = false;                               // The vehicle asked auditors, and they voted.
  ledger::AcceptanceStatus status = ledger::AcceptanceStatus::kAccepted;  // In the end.
  std::int64_t balance = 0;                                               // In the end.
};

// What contradicts the ledger's rules (server/ledger/FORMAT.md section 5); empty if all is as it has to be: paid is
// whose delivery counts for what was agreed on, and nobody else, but for whom auditors may see within their
// tolerance; everybody has what is his, and no more.
std::string WhatIsWrong(const DealResult& result);

// balances + escrow + reserves + deposits + bonds = minted - withdrawn.
bool Conserves(const ledger::Chain& chain);

// What came of the fleet's deals.
class DealTally {
 public:
  // Of the vehicles that came to one end.
  struct Count {
    std::int64_t vehicles = 0;
    std::int64_t rewards = 0;  // Paid; micro-units, as the next.
    std::int64_t lost = 0;     // Of their deposits.
  };

  void Add(const DealResult& result);

  const Count& paid() const { return paid_; }
  const Count& refused() const { return refused_; }  // Without a dispute.
  const Count& refused_by_auditors() const { return refused_by_auditors_; }
  const Count& forfeited() const { return forfeited_; }  // Nothing was delivered, or what was delivered was not taken.
  Count all() const;

  std::int64_t disputed() const { return disputed_; }
  std::int64_t not_taken() const { return not_taken_; }  // Of those who forfeited.
  std::int64_t funded_micros() const { return funded_; }
  std::int64_t balances_micros() const { return balances_; }

  // Of each deal that is not as it has to be, what.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  Count& CountOf(const DealResult& result);

  Count paid_;
  Count refused_;
  Count refused_by_auditors_;
  Count forfeited_;
  Count pending_;  // Without an end, which is wrong.
  std::int64_t disputed_ = 0;
  std::int64_t not_taken_ = 0;
  std::int64_t funded_ = 0;
  std::int64_t balances_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace giot::client
