#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "models/policy/environment.h"
#include "models/policy/market_batch.h"
#include "models/policy/noise_schedule.h"

namespace giot::policy {

struct PolicyConfig {
  int hidden = 64;        // H, width of every hidden layer.
  int steps = 3;          // T, denoising steps.
  double beta_min = 0.1;  // Variance-preserving schedule.
  double beta_max = 10.0;
  // Whether gradients pass the clamp on x0 as ProjectedClamp lets them; else, for an
  // ablation, as a plain clamp does. The levels are the same.
  bool projected_clamp = true;
};

// A conditional denoising diffusion model (Ho et al. 2020, x0-prediction) over
// the levels of a menu. The denoiser is a set network: one MLP shared by all
// types, which see each other through pooled sums alone, so it works for any
// number of types. With f, g the features of types and market, s = SiLU,
// pool(h) = [sum_k p_k h_k, mean_k h_k]:
//
//   encoder, once     h1_k = s(W1 f_k + V1 g + b1)
//                     h2_k = s(W2 h1_k + V2 pool(h1) + b2)
//                     e_k  = W3 h2_k + V3 pool(h2)
//   head, step t      u_k  = s(e_k + W4 proposal_k + a_t)
//                     v_k  = s(W5 u_k + V5 pool(u) + b5)
//                     x0_k = projected clamp(W6 v_k + b6)
//                     x_{t-1} by the schedule
//
// proposal_k: see Environment::ProposalFeatures; a_t is a learned embedding of the step.
class DiffusionPolicyImpl : public torch::nn::Module {
 public:
  DiffusionPolicyImpl(const PolicyConfig& config, std::shared_ptr<const Environment> environment);

  // Runs the reverse chain from Gaussian `noise` [B, T, C K] (noise[:, 0] is x_T,
  // the rest the step noises) and returns levels in [-1, 1], [B, C K]; 0 on
  // padding. Differentiable with respect to the parameters. The markets must
  // lie on the policy's device.
  torch::Tensor forward(const MarketBatch& markets, const torch::Tensor& noise);

  // Level x0 that the denoiser predicts in `step` (0 is t = T) from `noisy_levels` and
  // its last `proposal`, all [B, C K]; `encoded` as Encode gives it, as TypeRows.
  torch::Tensor Encode(const MarketBatch& markets, const Features& features);
  torch::Tensor Denoise(const MarketBatch& markets, const Features& features, const torch::Tensor& encoded,
                        const torch::Tensor& noisy_levels, const torch::Tensor& proposal, std::int64_t step);

  const PolicyConfig& config() const { return config_; }
  const std::vector<DenoisingStep>& chain() const { return chain_; }
  const std::shared_ptr<const Environment>& environment() const { return environment_; }

 private:
  PolicyConfig config_;
  std::shared_ptr<const Environment> environment_;
  PolicyShape shape_;
  std::vector<DenoisingStep> chain_;
  torch::nn::Linear type_in_;      // W1, b1: [H, type_features]
  torch::nn::Linear global_in_;    // V1: [H, global_features]
  torch::nn::Linear mix_;          // W2, b2: [H, H]
  torch::nn::Linear mix_pool_;     // V2: [H, 2H]
  torch::nn::Linear encode_;       // W3: [H, H]
  torch::nn::Linear encode_pool_;  // V3: [H, 2H]
  torch::nn::Linear proposal_in_;  // W4: [H, proposal_features]
  torch::Tensor step_embedding_;   // a: [T, H], row 0 is the first step of the chain (t = T).
  torch::nn::Linear head_;         // W5, b5: [H, H]
  torch::nn::Linear head_pool_;    // V5: [H, 2H]
  torch::nn::Linear out_;          // W6, b6: [C, H]
};
TORCH_MODULE(DiffusionPolicy);

}  // namespace giot::policy
