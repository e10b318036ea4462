#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "client/deals/deal_tally.h"
#include "nlohmann/json_fwd.hpp"
#include "server/ledger/state/entries.h"

namespace giot::client {

// What the fleet did on a ledger, all of it proved.
struct DealReport {
  std::string chain_id;
  std::int64_t tasks = 0;
  std::int64_t absentees = 0;     // Vehicles that accepted and delivered nothing.
  std::int64_t transactions = 0;  // Placed by vehicles, mint and auditors, each with a verified receipt.
  std::uint64_t log_size = 0;     // At the end.
  ledger::Chain chain;            // At the end.
  DealTally tally;
};

// Whether no deal contradicts the rules and the ledger's money adds up.
bool IsRight(const DealReport& report);

// For people.
void PrintDeals(const DealReport& report, std::ostream& out);
// Money as decimals.
nlohmann::ordered_json DealJson(const DealReport& report);

}  // namespace giot::client
