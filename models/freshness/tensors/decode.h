#pragma once

#include <torch/torch.h>

#include "models/policy/market_batch.h"

namespace giot::freshness {

// The candidate items of a market, one a type, [B, K] each; 0 on padding.
struct Candidates {
  torch::Tensor quality;
  torch::Tensor update_rate;
  torch::Tensor rent;  // Of the type itself if it picks its own; money where the largest sensing cost is 1.
};

// As freshness::DecodeLevels makes them. `levels` [B, 3 K] in [-1, 1]: qualities,
// update rates, rents.
Candidates MakeCandidates(const policy::MarketBatch& markets, const torch::Tensor& levels);

// What becomes of candidates when types pick for themselves and rewards fall to the
// least that implement what they picked; [B, K] unless stated otherwise, without
// gradient. Unlike freshness::Settle it lets more than kMaxItems items be picked.
struct Settled {
  torch::Tensor picks;    // [B, K, K + 1], one-hot over candidates and opting out (last); 0 on padding.
  torch::Tensor mass;     // Probability of the types that pick candidate j.
  torch::Tensor reward;   // Least reward of candidate j; 0 where nobody picks it.
  torch::Tensor utility;  // Of each type at least rewards, >= 0.
  // Rewards are longest paths: that of item j is what its most demanding taker b asks,
  // c_b(j) plus what b would get from the item before j on the path (or 0).
  // flow_j is the mass whose pay passes through j on its path.
  torch::Tensor flow;
  torch::Tensor demand_sensing;  // d pay / d quality_j: flow_j theta_b(j) - sum over items after j.
  torch::Tensor demand_update;   // d pay / d update_rate_j.
};
// Types that are indifferent at those rewards, as most are, then move to what the
// server prefers, up to `improvements` times while that pays.
Settled SettleCandidates(const policy::MarketBatch& markets, const Candidates& candidates, int improvements);
// Improvements after which hardly a menu gains.
inline constexpr int kImprovements = 24;

// V(q, f), [B, K].
torch::Tensor ValueOf(const policy::MarketBatch& markets, const torch::Tensor& quality,
                      const torch::Tensor& update_rate);

// Server utility per vehicle at least rewards, [B], with its exact gradient with respect
// to qualities and update rates at the selection and binding types of `settled`.
torch::Tensor Utility(const policy::MarketBatch& markets, const Candidates& candidates, const Settled& settled);

// Server utility if types chose at random, likelier what suits them better (a logit
// with noise `temperature`, money), at the candidates' own rewards, [B]: unlike Utility
// it has a gradient with respect to what types pick.
torch::Tensor SmoothedUtility(const policy::MarketBatch& markets, const Candidates& candidates, double temperature);

// Utility per vehicle of about the best single item, [B]; scales the training loss.
torch::Tensor SingleItemUtility(const policy::MarketBatch& markets);

}  // namespace giot::freshness
