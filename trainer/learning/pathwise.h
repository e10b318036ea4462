#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/policy/diffusion_policy.h"
#include "models/policy/environment.h"
#include "trainer/distributed/communicator.h"
#include "trainer/learning/adam.h"
#include "trainer/learning/algorithm.h"
#include "trainer/learning/optimization.h"
#include "trainer/learning/saved_state.h"
#include "trainer/learning/step_graph.h"

namespace giot::trainer {

struct PathwiseConfig {
  policy::PolicyConfig policy;
  OptimizationConfig optimization;
  // Whether steps are captured as CUDA graphs where that is possible (StepGraph). They
  // compute the same, from other random numbers.
  bool capture = true;
};

// Trains a diffusion policy by the gradient of the environment's objective itself,
// which flows through the decode and the denoising chain: no critic, no replay.
// Markets are generated on the policy's device, and nothing of a step leaves it unless
// metrics are wanted. Deterministic given the configuration and one compute thread on CPU:
// step i depends on (seed, i) and the state alone, so a run resumed from SaveTo continues
// bit for bit. Captured steps depend on the step that this object took first as well.
//
// Data-parallel with several processes: each draws the markets and noise of all of
// them, keeps its own rows, and steps by the mean gradient, so that n processes make
// the steps of one with n times the batch, to rounding. They may be resumed as another
// number of processes.
class PathwiseTrainer : public Algorithm {
 public:
  // `communicator` may be null for a process that is alone; it must outlive this.
  PathwiseTrainer(const PathwiseConfig& config, std::shared_ptr<const policy::Environment> environment,
                  torch::Device device, Communicator* communicator = nullptr);

  // Metrics `loss` (minus the mean objective), `gradient_norm` (before clipping) and
  // `learning_rate`. On an accelerator a step with `want_metrics` false copies nothing
  // to the host, and a non-finite value is found at the next step that wants them.
  // Unavailable if another process of the run is gone.
  absl::StatusOr<Scalars> Step(bool want_metrics) override;

  std::int64_t iteration() const override { return iteration_; }
  std::int64_t iterations() const override { return config_.optimization.iterations; }
  torch::Tensor Answer(const policy::MarketBatch& markets, const torch::Tensor& noise) const override;
  int noise_steps() const override { return config_.policy.steps; }
  // The exponential moving average of the weights.
  policy::DiffusionPolicy policy() const override { return averaged_; }
  void SaveTo(torch::serialize::OutputArchive& archive) const override { state_.SaveTo(archive); }
  // Before the first step, if steps are captured.
  absl::Status LoadFrom(torch::serialize::InputArchive& archive) override { return state_.LoadFrom(archive); }

 private:
  void Seed();
  // From the generator to markets_, loss_ and the optimizer's gradient.
  void ComputeGradient();
  // Makes gradient and loss their means over the processes.
  absl::Status AverageGradient();
  // From gradient to weights and averages.
  void Update();

  PathwiseConfig config_;
  std::shared_ptr<const policy::Environment> environment_;
  torch::Device device_;
  Communicator* communicator_;
  policy::DiffusionPolicy policy_;
  policy::DiffusionPolicy averaged_;
  Adam optimizer_;
  torch::Tensor averages_;  // The weights of averaged_.
  policy::MarketBatch markets_;
  torch::Tensor loss_;  // Scalar.
  std::unique_ptr<StepGraph> gradient_work_;
  std::unique_ptr<StepGraph> update_work_;
  bool seeded_ = false;
  std::int64_t iteration_ = 0;
  SavedState state_;
};

}  // namespace giot::trainer
