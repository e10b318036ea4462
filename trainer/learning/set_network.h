#pragma once

#include <torch/torch.h>

#include "models/policy/environment.h"
#include "models/policy/market_batch.h"
#include "models/policy/type_rows.h"

namespace giot::trainer {

// Two layers shared by all types of a market, which see each other through pooled sums
// alone (Deep Sets, Zaheer et al. 2017), so any number of types will do. With f, g
// the inputs of types and market, s = SiLU, pool(h) = [sum_k p_k h_k, mean_k h_k]:
//   h1_k = s(W1 f_k + V1 g + b1)
//   h2_k = s(W2 h1_k + V2 pool(h1) + b2)
// An environment of one type has nothing to pool: there is no V2, and pool(h) = h_1 in the
// score below, so that these are plain MLPs.
class SetEncoderImpl : public torch::nn::Module {
 public:
  SetEncoderImpl(const policy::PolicyShape& shape, int type_inputs, int hidden);

  // Rows h2 from f [B, K, type_inputs] and g [B, global_features].
  torch::Tensor forward(const policy::TypeRows& rows, const torch::Tensor& types, const torch::Tensor& globals);

 private:
  torch::nn::Linear type_in_;    // W1, b1
  torch::nn::Linear global_in_;  // V1
  torch::nn::Linear mix_;        // W2, b2
  torch::nn::Linear mix_pool_;   // V2
};
TORCH_MODULE(SetEncoder);

// Numbers a type: W3 h2_k + V3 pool(h2) + b3, channel by channel as levels are,
// [B, channels K]; 0 on padding.
class LevelNetworkImpl : public torch::nn::Module {
 public:
  LevelNetworkImpl(const policy::PolicyShape& shape, int channels, int hidden);
  torch::Tensor forward(const policy::MarketBatch& markets, const policy::Features& features);

 private:
  SetEncoder encoder_;
  torch::nn::Linear out_;       // W3, b3
  torch::nn::Linear out_pool_;  // V3
};
TORCH_MODULE(LevelNetwork);

// One number a market: w s(V4 pool(h2) + b4) + b, [B], from `type_inputs` numbers a type.
class ScoreNetworkImpl : public torch::nn::Module {
 public:
  ScoreNetworkImpl(const policy::PolicyShape& shape, int type_inputs, int hidden);
  torch::Tensor forward(const policy::MarketBatch& markets, const torch::Tensor& types, const torch::Tensor& globals);

 private:
  bool pools_;
  SetEncoder encoder_;
  torch::nn::Linear pooled_;  // V4, b4
  torch::nn::Linear out_;     // w, b
};
TORCH_MODULE(ScoreNetwork);

// Two independent estimates Q1, Q2 of the reward of levels in a market (clipped double
// Q, Fujimoto et al. 2018). They see the levels, not what these decode to: that need not
// be differentiable.
class TwinCriticImpl : public torch::nn::Module {
 public:
  TwinCriticImpl(const policy::PolicyShape& shape, int hidden);

  // min(Q1, Q2), [B]; differentiable in the levels [B, C K].
  torch::Tensor Least(const policy::MarketBatch& markets, const policy::Features& features,
                      const torch::Tensor& levels);
  // Mean over the markets of (Q1 - reward)^2 + (Q2 - reward)^2, a scalar.
  torch::Tensor RegressionLoss(const policy::MarketBatch& markets, const policy::Features& features,
                               const torch::Tensor& levels, const torch::Tensor& rewards);

 private:
  ScoreNetwork first_;
  ScoreNetwork second_;
};
TORCH_MODULE(TwinCritic);

}  // namespace giot::trainer
