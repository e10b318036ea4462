#pragma once

#include <memory>

#include "models/uncertain/uncertain_market.h"
#include "trainer/evaluation/unsolved_market.h"

namespace giot::trainer {

std::unique_ptr<UnsolvedMarket> MakeHeldOut(const uncertain::UncertainMarket& market);

}  // namespace giot::trainer
