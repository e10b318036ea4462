#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/policy/diffusion_policy.h"
#include "models/policy/environment.h"
#include "trainer/learning/adam.h"
#include "trainer/learning/algorithm.h"
#include "trainer/learning/optimization.h"
#include "trainer/learning/replay_buffer.h"
#include "trainer/learning/saved_state.h"
#include "trainer/learning/set_network.h"

namespace giot::trainer {

struct DiffusionCriticConfig {
  policy::PolicyConfig policy = {.steps = 6};
  // Of the actor; ema_decay is 1 - tau of the papers' soft update.
  OptimizationConfig optimization = {.iterations = 4000, .batch = 512, .learning_rate = 1e-3, .ema_decay = 0.995};
  double critic_learning_rate = 2e-3;  // On the same schedule.
  int critic_hidden = 64;
  std::int64_t simulated = 128;      // Markets simulated before every step.
  std::int64_t random_first = 4096;  // And before the first, with uniform levels.
  std::int64_t buffer = 100'000;     // Experiences kept, at least random_first.
  double exploration = 0.2;          // Standard deviation of the noise on simulated levels.
};

// A diffusion policy trained by a critic (Diffusion-QL, Wang et al. 2023, without its
// behaviour cloning; GDMOPT, Du et al. 2024): the simulator is only asked for rewards, so
// this is what a black box can be learned with.
//   levels  a = clamp(pi(s) + exploration N(0, 1)), rewarded r(s, a), into the replay buffer
//   critic  min (Q1(s, a) - r)^2 + (Q2(s, a) - r)^2 over replayed experience
//   actor   max min(Q1, Q2)(s, pi(s)), through the denoising chain
//   answer  the soft-updated ("target") actor
// The papers' target critics and the target actor's part in the critic's goal have no
// effect here: an answer ends the episode, so the goal is the reward itself, r + gamma 0.
// Deterministic, and resumed bit for bit, as PathwiseTrainer.
class DiffusionCriticTrainer : public Algorithm {
 public:
  DiffusionCriticTrainer(const DiffusionCriticConfig& config, std::shared_ptr<const policy::Environment> environment,
                         torch::Device device);

  // Metrics `reward` (mean over the simulated markets), `critic_loss`, `actor_loss` (minus
  // the mean of min(Q1, Q2)) and `learning_rate`. A non-finite value on an accelerator is
  // found at the next step that wants metrics.
  absl::StatusOr<Scalars> Step(bool want_metrics) override;

  std::int64_t iteration() const override { return iteration_; }
  std::int64_t iterations() const override { return config_.optimization.iterations; }
  torch::Tensor Answer(const policy::MarketBatch& markets, const torch::Tensor& noise) const override;
  int noise_steps() const override { return config_.policy.steps; }
  policy::DiffusionPolicy policy() const override { return averaged_; }
  void SaveTo(torch::serialize::OutputArchive& archive) const override { state_.SaveTo(archive); }
  absl::Status LoadFrom(torch::serialize::InputArchive& archive) override { return state_.LoadFrom(archive); }

 private:
  torch::Tensor ChainNoise(const policy::MarketBatch& markets) const;
  Experience Explore();

  DiffusionCriticConfig config_;
  OptimizationConfig critic_optimization_;
  std::shared_ptr<const policy::Environment> environment_;
  torch::Device device_;
  policy::DiffusionPolicy policy_;
  policy::DiffusionPolicy averaged_;
  TwinCritic critic_;
  Adam actor_optimizer_;
  Adam critic_optimizer_;
  torch::Tensor averages_;  // The weights of averaged_.
  ReplayBuffer buffer_;
  std::int64_t iteration_ = 0;
  SavedState state_;
};

}  // namespace giot::trainer
