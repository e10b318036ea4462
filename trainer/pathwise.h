#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/contract/market_sampler.h"
#include "models/policy/diffusion_policy.h"

namespace giot::trainer {

struct PathwiseConfig {
  policy::PolicyConfig policy;
  contract::MarketDistribution markets;
  std::uint64_t seed = 1;
  std::int64_t iterations = 8000;
  std::int64_t batch = 128;     // Markets per gradient step.
  double learning_rate = 2e-3;  // Peak; linear warm-up, then cosine to 0.
  std::int64_t warmup = 100;    // Steps.
  double adam_beta1 = 0.9;
  double adam_beta2 = 0.98;
  double clip_norm = 1.0;
  double ema_decay = 0.998;  // Of the weights that are evaluated and exported.
};

struct StepMetrics {
  double loss = 0.0;           // -U / max(U_pooling, floor), mean over the batch.
  double gradient_norm = 0.0;  // Before clipping.
  double learning_rate = 0.0;
};

// Trains a diffusion policy by the gradient of the server utility itself, which
// flows through the decode and the denoising chain: no critic, no replay.
// Markets are generated on the policy's device. Deterministic given the
// configuration and one compute thread on CPU: step i depends on (seed, i) and
// the state alone, so a run resumed from SaveTo continues bit for bit.
class PathwiseTrainer {
 public:
  PathwiseTrainer(const PathwiseConfig& config, torch::Device device);

  // One gradient step. OutOfRange if the loss or the gradient is not finite; the
  // message names the first offending parameter and the batch's ranges, and the
  // weights are those before the step. On an accelerator a step with
  // `want_metrics` false copies nothing to the host: its metrics are zero, and a
  // non-finite value is found at the next step that wants them.
  absl::StatusOr<StepMetrics> Step(bool want_metrics);

  std::int64_t iteration() const { return iteration_; }
  bool done() const { return iteration_ >= config_.iterations; }
  const PathwiseConfig& config() const { return config_; }
  // The exponential moving average of the weights: evaluate and export this.
  policy::DiffusionPolicy averaged_policy() const { return averaged_; }

  // Weights, averages, optimiser moments and iteration. LoadFrom gives
  // InvalidArgument if the archive is of another configuration or incomplete.
  void SaveTo(torch::serialize::OutputArchive& archive) const;
  absl::Status LoadFrom(torch::serialize::InputArchive& archive);

 private:
  PathwiseConfig config_;
  torch::Device device_;
  policy::DiffusionPolicy policy_;
  policy::DiffusionPolicy averaged_;
  std::unique_ptr<torch::optim::Adam> optimizer_;
  std::int64_t iteration_ = 0;
};

}  // namespace giot::trainer
