#pragma once

#include <memory>

#include "models/contract/market_sampler.h"
#include "models/policy/environment.h"
#include "models/screening/tensors/features.h"

namespace giot::screening {

inline constexpr double kRawPenalty = 10.0;

// The screening market as the papers' learners face it: nothing makes a menu feasible.
// Two channels, both in [-1, 1]: quality, from q_min to q_max, and reward, from 0 to
// theta_K C(q_max), which no optimal menu exceeds. Reward and objective, over the pooling
// utility (floored), in money where theta_K = 1, with U_kj = r_j - theta_k C(q_j):
//   sum_k p_k (omega ln(1 + a q_k) - r_k) - penalty (IR + IC + budget)
//   IR = sum_k p_k max(0, -U_kk),  IC = sum_k p_k max_j (U_kj - U_kk)
//   budget = max(0, sum_k p_k r_k - b)
// A held-out menu's utility is that of the items that vehicles then choose for
// themselves, or of none; it is feasible if the audit says so, within 1e-6 of its highest
// reward. Markets, features and references are those of MakeEnvironment.
std::shared_ptr<const policy::Environment> MakeRawEnvironment(const contract::MarketDistribution& distribution = {},
                                                              double penalty = kRawPenalty,
                                                              SeenCosts seen = SeenCosts::kVirtual);

}  // namespace giot::screening
