#pragma once

#include <memory>

#include "models/freshness/freshness_market.h"
#include "trainer/evaluation/unsolved_market.h"

namespace giot::trainer {

std::unique_ptr<UnsolvedMarket> MakeHeldOut(const freshness::FreshnessMarket& market);

}  // namespace giot::trainer
