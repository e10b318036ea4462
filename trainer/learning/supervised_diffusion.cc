#include "trainer/learning/supervised_diffusion.h"

#include <cmath>
#include <utility>

#include "trainer/learning/replay_buffer.h"

namespace giot::trainer {
namespace {

using policy::MarketBatch;
using torch::Tensor;

// alphabar_t of policy::VariancePreservingSchedule: the product of its 1 - beta_s, s <= t.
double SignalShare(const policy::PolicyConfig& config, int t) {
  const double time = static_cast<double>(t) / config.steps;
  return std::exp(-config.beta_min * time - 0.5 * (config.beta_max - config.beta_min) * time * time);
}

}  // namespace

SupervisedDiffusionTrainer::SupervisedDiffusionTrainer(const SupervisedDiffusionConfig& config,
                                                       std::shared_ptr<const policy::Environment> environment,
                                                       TargetSource targets, torch::Device device)
    : config_(config),
      environment_(std::move(environment)),
      targets_(std::move(targets)),
      device_(device),
      policy_(Seeded<policy::DiffusionPolicy>(config.optimization.seed, device, config.policy, environment_)),
      averaged_(Seeded<policy::DiffusionPolicy>(config.optimization.seed, device, config.policy, environment_)),
      optimizer_(policy_->parameters(), config.optimization),
      averages_(Flatten(averaged_->parameters())),
      state_(JoinSettings({Settings(config.policy),
                           Settings(config.optimization),
                           {static_cast<double>(config.pool)},
                           environment_->Settings()})) {
  state_.Add("iteration", iteration_);
  state_.Add("averages", averages_);
  optimizer_.AddTo(state_, "policy");
}

void SupervisedDiffusionTrainer::SolvePool() {
  torch::manual_seed(config_.optimization.seed);
  const MarketBatch markets = environment_->Generate(config_.pool, torch::kCPU);
  pool_ = policy::ToDevice(markets, device_);
  pool_targets_ = targets_(markets).to(device_);
}

Tensor SupervisedDiffusionTrainer::Loss(const MarketBatch& markets, const Tensor& targets) {
  const policy::Features features = environment_->Observe(markets);
  const Tensor encoded = policy_->Encode(markets, features);
  const Tensor mask = markets.mask.repeat({1, environment_->shape().channels});
  Tensor proposal = torch::zeros_like(targets);
  Tensor loss = torch::zeros({}, targets.options());
  for (int step = 0; step < config_.policy.steps; ++step) {
    const double signal = SignalShare(config_.policy, config_.policy.steps - step);
    const Tensor noisy = (std::sqrt(signal) * targets + std::sqrt(1 - signal) * torch::randn_like(targets)) * mask;
    const Tensor predicted = policy_->Denoise(markets, features, encoded, noisy, proposal, step);
    loss = loss + ((predicted - targets).square() * mask).sum() / mask.sum();
    proposal = predicted.detach();
  }
  return loss / config_.policy.steps;
}

absl::StatusOr<Scalars> SupervisedDiffusionTrainer::Step(bool want_metrics) {
  const OptimizationConfig& how = config_.optimization;
  if (!pool_targets_.defined()) SolvePool();
  torch::manual_seed(StepSeed(how.seed, iteration_));
  const double rate = LearningRate(how, iteration_);
  optimizer_.SetRate(rate);

  const Tensor index = torch::randint(config_.pool, {how.batch}, torch::TensorOptions(device_).dtype(torch::kLong));
  const MarketBatch markets = Select(pool_, index);
  const Tensor loss = Loss(markets, pool_targets_.index_select(0, index));
  optimizer_.Differentiate(loss);
  const Tensor norm = optimizer_.ClipGradient(how.clip_norm);

  Scalars metrics;
  if (want_metrics || device_.is_cpu()) {
    if (absl::Status status = RequireFinite(iteration_, markets, loss, norm, *policy_); !status.ok()) return status;
    metrics = {{"loss", loss.item<double>()}, {"gradient_norm", norm.item<double>()}, {"learning_rate", rate}};
  }
  optimizer_.Step();
  averages_.lerp_(optimizer_.values(), 1 - how.ema_decay);
  ++iteration_;
  return metrics;
}

Tensor SupervisedDiffusionTrainer::Answer(const MarketBatch& markets, const Tensor& noise) const {
  const torch::NoGradGuard no_grad;
  policy::DiffusionPolicy policy = averaged_;
  return policy->forward(markets, noise);
}

}  // namespace giot::trainer
