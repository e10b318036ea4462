#pragma once

#include "models/contract/packed_market.h"
#include "models/contract/screening_columns.h"
#include "models/contract/screening_market.h"

namespace giot::contract {

// Normalises and packs a market. A budget that buys q_max from everybody can never
// bind and counts as none.
PackedMarket Pack(const ScreeningMarket& market);

}  // namespace giot::contract
