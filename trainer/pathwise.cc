#include "trainer/pathwise.h"

#include <cmath>
#include <utility>
#include <vector>

namespace giot::trainer {
namespace {

using torch::Tensor;

policy::DiffusionPolicy SeededPolicy(const PathwiseConfig& config,
                                     const std::shared_ptr<const policy::Environment>& environment,
                                     torch::Device device) {
  torch::manual_seed(config.optimization.seed);
  policy::DiffusionPolicy policy(config.policy, environment);
  policy->to(device);
  return policy;
}

std::vector<double> Fingerprint(const PathwiseConfig& config, const policy::Environment& environment) {
  std::vector<double> numbers = {static_cast<double>(config.policy.hidden), static_cast<double>(config.policy.steps),
                                 config.policy.beta_min, config.policy.beta_max};
  for (const double number : Settings(config.optimization)) numbers.push_back(number);
  for (const double number : environment.Settings()) numbers.push_back(number);
  return numbers;
}

}  // namespace

PathwiseTrainer::PathwiseTrainer(const PathwiseConfig& config, std::shared_ptr<const policy::Environment> environment,
                                 torch::Device device)
    : config_(config),
      environment_(std::move(environment)),
      device_(device),
      policy_(SeededPolicy(config, environment_, device)),
      averaged_(SeededPolicy(config, environment_, device)),
      state_(Fingerprint(config, *environment_), device) {
  const OptimizationConfig& how = config.optimization;
  optimizer_ = std::make_unique<torch::optim::Adam>(
      policy_->parameters(), torch::optim::AdamOptions(how.learning_rate).betas({how.adam_beta1, how.adam_beta2}));
  state_.Add("iteration", iteration_);
  state_.Add("weights", *policy_);
  state_.Add("averages", *averaged_);
  state_.Add("optimizer", *optimizer_);
}

absl::StatusOr<Scalars> PathwiseTrainer::Step(bool want_metrics) {
  const OptimizationConfig& how = config_.optimization;
  torch::manual_seed(StepSeed(how.seed, iteration_));
  const double rate = LearningRate(how, iteration_);
  SetLearningRate(*optimizer_, rate);

  const policy::MarketBatch markets = environment_->Generate(how.batch, device_);
  const Tensor noise = torch::randn({how.batch, config_.policy.steps, environment_->shape().channels * markets.types()},
                                    torch::TensorOptions(device_).dtype(torch::kFloat32));
  const Tensor loss = -environment_->Objective(markets, policy_->forward(markets, noise)).mean();
  optimizer_->zero_grad();
  loss.backward();
  const Tensor norm = ClipGradients(policy_->parameters(), how.clip_norm);

  Scalars metrics;
  if (want_metrics || device_.is_cpu()) {
    metrics = {{"loss", loss.item<double>()}, {"gradient_norm", norm.item<double>()}, {"learning_rate", rate}};
    if (!std::isfinite(metrics[0].value) || !std::isfinite(metrics[1].value)) {
      return absl::OutOfRangeError(DiagnoseNonFinite(iteration_, markets, loss, *policy_));
    }
  }
  optimizer_->step();
  MoveTowards(*averaged_, *policy_, 1 - how.ema_decay);
  ++iteration_;
  return metrics;
}

Tensor PathwiseTrainer::Answer(const policy::MarketBatch& markets, const Tensor& noise) const {
  const torch::NoGradGuard no_grad;
  policy::DiffusionPolicy policy = averaged_;
  return policy->forward(markets, noise);
}

}  // namespace giot::trainer
