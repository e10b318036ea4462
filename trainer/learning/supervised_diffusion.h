#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/policy/diffusion_policy.h"
#include "models/policy/environment.h"
#include "trainer/learning/adam.h"
#include "trainer/learning/algorithm.h"
#include "trainer/learning/optimization.h"
#include "trainer/learning/saved_state.h"

namespace giot::trainer {

// The levels [B, C K] that a policy should give for markets on the CPU: whatever solves
// them, e.g. screening::ExactLevels. The same levels for the same markets.
using TargetSource = std::function<torch::Tensor(const policy::MarketBatch&)>;

struct SupervisedDiffusionConfig {
  policy::PolicyConfig policy;
  OptimizationConfig optimization;
  std::int64_t pool = 100'000;  // Solved markets that training draws from.
};

// Fits a diffusion policy to solved markets by denoising regression (Ho et al. 2020, with
// the prediction of x0 rather than of the noise): for every step t of the chain
//   x_t = sqrt(alphabar_t) x0 + sqrt(1 - alphabar_t) N(0, 1)
//   min mean over real levels of (x0hat(x_t, last x0hat) - x0)^2
// the last proposal being that of the step before, as when sampling, without gradient.
// The pool is solved at the first step that is taken, so that reading a finished run costs
// nothing; it depends on the seed alone, so it is no
// part of the saved state. Deterministic, and resumed bit for bit, as PathwiseTrainer.
class SupervisedDiffusionTrainer : public Algorithm {
 public:
  SupervisedDiffusionTrainer(const SupervisedDiffusionConfig& config,
                             std::shared_ptr<const policy::Environment> environment, TargetSource targets,
                             torch::Device device);

  // Metrics `loss`, `gradient_norm` (before clipping) and `learning_rate`. A non-finite
  // value on an accelerator is found at the next step that wants metrics.
  absl::StatusOr<Scalars> Step(bool want_metrics) override;

  std::int64_t iteration() const override { return iteration_; }
  std::int64_t iterations() const override { return config_.optimization.iterations; }
  torch::Tensor Answer(const policy::MarketBatch& markets, const torch::Tensor& noise) const override;
  int noise_steps() const override { return config_.policy.steps; }
  // The exponential moving average of the weights.
  policy::DiffusionPolicy policy() const override { return averaged_; }
  void SaveTo(torch::serialize::OutputArchive& archive) const override { state_.SaveTo(archive); }
  absl::Status LoadFrom(torch::serialize::InputArchive& archive) override { return state_.LoadFrom(archive); }

 private:
  void SolvePool();
  torch::Tensor Loss(const policy::MarketBatch& markets, const torch::Tensor& targets);

  SupervisedDiffusionConfig config_;
  std::shared_ptr<const policy::Environment> environment_;
  TargetSource targets_;
  torch::Device device_;
  policy::DiffusionPolicy policy_;
  policy::DiffusionPolicy averaged_;
  Adam optimizer_;
  torch::Tensor averages_;  // The weights of averaged_.
  policy::MarketBatch pool_;
  torch::Tensor pool_targets_;  // [pool, C K]; undefined until the first step.
  std::int64_t iteration_ = 0;
  SavedState state_;
};

}  // namespace giot::trainer
