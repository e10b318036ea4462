#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "models/policy/diffusion_policy.h"
#include "models/policy/market_batch.h"

namespace giot::trainer {

// How a network is trained; the same for every algorithm.
struct OptimizationConfig {
  std::uint64_t seed = 1;
  std::int64_t iterations = 8000;
  std::int64_t batch = 128;     // Markets a gradient step.
  double learning_rate = 2e-3;  // Peak; linear warm-up, then cosine to 0.
  std::int64_t warmup = 100;    // Steps.
  // Above 0: a range test instead, in equal ratios from here to learning_rate.
  double first_rate = 0.0;
  double adam_beta1 = 0.9;
  double adam_beta2 = 0.98;
  double clip_norm = 1.0;
  double ema_decay = 0.998;  // Of the weights that are evaluated and exported.
};

// A configuration as numbers, for a checkpoint's fingerprint.
std::vector<double> Settings(const OptimizationConfig& config);
std::vector<double> Settings(const policy::PolicyConfig& config);

// A distinct generator seed for every step (SplitMix64 finaliser).
std::uint64_t StepSeed(std::uint64_t seed, std::int64_t iteration);

// Rate of the step that follows `iteration` steps.
double LearningRate(const OptimizationConfig& config, std::int64_t iteration);

// A module, of the arguments of its constructor, whose weights depend on `seed` alone.
template <typename Module, typename... Arguments>
Module Seeded(std::uint64_t seed, torch::Device device, const Arguments&... arguments) {
  torch::manual_seed(seed);
  Module module(arguments...);
  module->to(device);
  return module;
}

// Why a loss or gradient of `module` is not finite: the first offending parameter, and
// the ranges of the batch.
std::string DiagnoseNonFinite(std::int64_t iteration, const policy::MarketBatch& markets, const torch::Tensor& loss,
                              const torch::nn::Module& module);

// OutOfRange with that diagnosis unless `loss` and the norm of its gradient are finite.
// Copies both to the host.
absl::Status RequireFinite(std::int64_t iteration, const policy::MarketBatch& markets, const torch::Tensor& loss,
                           const torch::Tensor& gradient_norm, const torch::nn::Module& module);

}  // namespace giot::trainer
