#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/policy/environment.h"
#include "trainer/learning/adam.h"
#include "trainer/learning/algorithm.h"
#include "trainer/learning/optimization.h"
#include "trainer/learning/replay_buffer.h"
#include "trainer/learning/saved_state.h"
#include "trainer/learning/set_network.h"

namespace giot::trainer {

struct SacConfig {
  OptimizationConfig optimization = {.iterations = 7000, .batch = 256, .learning_rate = 1e-3, .ema_decay = 0.995};
  int hidden = 64;
  int critic_hidden = 64;
  std::int64_t simulated = 64;       // Markets simulated before every step.
  std::int64_t random_first = 4096;  // And before the first, with uniform levels.
  std::int64_t buffer = 100'000;     // Experiences kept, at least random_first.
  double initial_temperature = 0.01;
  double level_entropy = -2.0;  // Target entropy of the policy a level, nats.
};

// Levels tanh(m + sigma N(0, 1)), independent given the market.
class TanhGaussianPolicyImpl : public torch::nn::Module {
 public:
  TanhGaussianPolicyImpl(const policy::PolicyShape& shape, int hidden);

  struct Draw {
    torch::Tensor levels;       // [B, C K], 0 on padding.
    torch::Tensor log_density;  // Of the levels of real types, [B].
  };
  // Reparametrised: differentiable in the weights, from Gaussian `noise` [B, C K].
  Draw Sample(const policy::MarketBatch& markets, const policy::Features& features, const torch::Tensor& noise);
  // tanh(m), [B, C K].
  torch::Tensor Center(const policy::MarketBatch& markets, const policy::Features& features);

 private:
  LevelNetwork network_;  // m, then log sigma.
};
TORCH_MODULE(TanhGaussianPolicy);

// Soft actor-critic with a learned temperature (Haarnoja et al. 2018, algorithm 1 and
// section 5) for one-step problems, where the soft Q function is the reward, so the
// critics have no bootstrap and need no target networks:
//   critic       min (Q1(s, a) - r)^2 + (Q2(s, a) - r)^2 over replayed experience
//   actor        min alpha log pi(a|s) - min(Q1, Q2)(s, a),  a ~ pi(s)
//   temperature  min -alpha (log pi(a|s) + H),  H = level_entropy x levels of the market
// Answers with the centre of the averaged policy. Deterministic, and resumed bit for bit,
// as PathwiseTrainer.
class SacTrainer : public Algorithm {
 public:
  SacTrainer(const SacConfig& config, std::shared_ptr<const policy::Environment> environment, torch::Device device);

  // Metrics `reward` (mean over the simulated markets), `critic_loss`, `actor_loss`,
  // `temperature` and `learning_rate`. A non-finite value on an accelerator is found at
  // the next step that wants metrics.
  absl::StatusOr<Scalars> Step(bool want_metrics) override;

  std::int64_t iteration() const override { return iteration_; }
  std::int64_t iterations() const override { return config_.optimization.iterations; }
  torch::Tensor Answer(const policy::MarketBatch& markets, const torch::Tensor& noise) const override;
  int noise_steps() const override { return 0; }
  policy::DiffusionPolicy policy() const override { return nullptr; }
  void SaveTo(torch::serialize::OutputArchive& archive) const override { state_.SaveTo(archive); }
  absl::Status LoadFrom(torch::serialize::InputArchive& archive) override { return state_.LoadFrom(archive); }

 private:
  TanhGaussianPolicyImpl::Draw Draw(const policy::MarketBatch& markets, const policy::Features& features);
  Experience Explore();

  SacConfig config_;
  std::shared_ptr<const policy::Environment> environment_;
  torch::Device device_;
  TanhGaussianPolicy policy_;
  TanhGaussianPolicy averaged_;
  TwinCritic critic_;
  torch::Tensor log_temperature_;
  Adam actor_optimizer_;
  Adam critic_optimizer_;
  Adam temperature_optimizer_;
  torch::Tensor averages_;  // The weights of averaged_.
  ReplayBuffer buffer_;
  std::int64_t iteration_ = 0;
  SavedState state_;
};

}  // namespace giot::trainer
