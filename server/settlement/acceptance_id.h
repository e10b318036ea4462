#pragma once

#include <compare>

#include "server/ledger/state/entries.h"

namespace giot::settlement {

// What names an acceptance, and the delivery that it promised.
struct AcceptanceId {
  ledger::TaskId task{};
  ledger::PublicKey vehicle{};

  friend auto operator<=>(const AcceptanceId&, const AcceptanceId&) = default;
};

}  // namespace giot::settlement
