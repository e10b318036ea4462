#pragma once

#include <cstdint>

namespace giot::ledger {

// What a delivery counts for, in 1e-6 (FORMAT.md section 5, under "payable"): 0 if its score is 0, else
// min(1000000, lower bound + delta, score + allowance). `score` and `lower` are in [0, 1] and are rounded to 1e-6
// first; `delta` and `allowance`, in 1e-6, are the task's. Operators sign this, vehicles and auditors reckon it anew.
std::int32_t PayableMicros(double score, double lower, std::int32_t delta, std::int32_t allowance);

}  // namespace giot::ledger
