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
#include "trainer/learning/saved_state.h"
#include "trainer/learning/set_network.h"

namespace giot::trainer {

struct PpoConfig {
  // An iteration is one rollout; batch is a minibatch of it.
  OptimizationConfig optimization = {
      .iterations = 250, .batch = 512, .learning_rate = 1e-3, .warmup = 5, .clip_norm = 0.5, .ema_decay = 0.8};
  int hidden = 64;
  std::int64_t rollout = 4096;  // Markets simulated an iteration, a multiple of batch.
  int epochs = 5;               // Passes over a rollout.
  double clip = 0.2;            // Of the probability ratio, around 1.
  double kl_limit = 0.3;        // Between old and new policy, nats; above it the rollout is dropped.
  double entropy_bonus = 0.0;
  double value_weight = 0.5;  // Of the baseline's squared error in the loss.
  double initial_deviation = 0.3;
};

// Actions m(s) + sigma N(0, 1), independent given the market, with one sigma a channel
// for all markets; and V(s), the reward to be expected. Two networks that share nothing.
class GaussianActorCriticImpl : public torch::nn::Module {
 public:
  GaussianActorCriticImpl(const policy::PolicyShape& shape, int hidden, double initial_deviation);

  // m(s), [B, C K], not bounded.
  torch::Tensor Mean(const policy::MarketBatch& markets, const policy::Features& features);
  // sigma, [C K] for K types.
  torch::Tensor Deviation(std::int64_t types) const;
  // log density of `actions` [B, C K] of real types under `mean`, [B].
  torch::Tensor LogDensity(const policy::MarketBatch& markets, const torch::Tensor& mean,
                           const torch::Tensor& actions) const;
  // Entropy of the actions of a market, [B].
  torch::Tensor Entropy(const policy::MarketBatch& markets) const;
  // V(s), [B].
  torch::Tensor Baseline(const policy::MarketBatch& markets, const policy::Features& features);

 private:
  LevelNetwork mean_;
  ScoreNetwork baseline_;
  torch::Tensor log_deviation_;  // [C]
};
TORCH_MODULE(GaussianActorCritic);

// Proximal policy optimisation (Schulman et al. 2017, clipped objective) for one-step
// problems, where the advantage is r - V(s):
//   max min(ratio A, clip(ratio, 1 +- clip) A) + entropy_bonus H - value_weight (V(s) - r)^2
// with ratio = pi(a|s) / pi_old(a|s) and A normalised over the rollout. Levels are actions
// clamped to [-1, 1]. Answers with the mean of the averaged policy. Deterministic, and
// resumed bit for bit, as PathwiseTrainer.
class PpoTrainer : public Algorithm {
 public:
  // Aborts unless the rollout is a multiple of the batch.
  PpoTrainer(const PpoConfig& config, std::shared_ptr<const policy::Environment> environment, torch::Device device);

  // One rollout and the epochs over it. Metrics `reward` (mean over the rollout), `loss`
  // and `kl` (of the last minibatch, estimated as E[ratio - 1 - log ratio]), `updates`
  // (gradient steps taken), `deviation` (mean sigma) and `learning_rate`. Copies `kl` to
  // the host in every minibatch.
  absl::StatusOr<Scalars> Step(bool want_metrics) override;

  std::int64_t iteration() const override { return iteration_; }
  std::int64_t iterations() const override { return config_.optimization.iterations; }
  torch::Tensor Answer(const policy::MarketBatch& markets, const torch::Tensor& noise) const override;
  int noise_steps() const override { return 0; }
  policy::DiffusionPolicy policy() const override { return nullptr; }
  void SaveTo(torch::serialize::OutputArchive& archive) const override { state_.SaveTo(archive); }
  absl::Status LoadFrom(torch::serialize::InputArchive& archive) override { return state_.LoadFrom(archive); }

 private:
  struct Rollout;
  struct Update;
  Rollout Simulate();
  Update Evaluate(const Rollout& part);

  PpoConfig config_;
  std::shared_ptr<const policy::Environment> environment_;
  torch::Device device_;
  GaussianActorCritic network_;
  GaussianActorCritic averaged_;
  Adam optimizer_;
  torch::Tensor averages_;  // The weights of averaged_.
  std::int64_t iteration_ = 0;
  SavedState state_;
};

}  // namespace giot::trainer
