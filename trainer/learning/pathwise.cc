#include "trainer/learning/pathwise.h"

#include <utility>

namespace giot::trainer {

using torch::Tensor;

PathwiseTrainer::PathwiseTrainer(const PathwiseConfig& config, std::shared_ptr<const policy::Environment> environment,
                                 torch::Device device, Communicator* communicator)
    : config_(config),
      environment_(std::move(environment)),
      device_(device),
      communicator_(communicator),
      policy_(Seeded<policy::DiffusionPolicy>(config.optimization.seed, device, config.policy, environment_)),
      averaged_(Seeded<policy::DiffusionPolicy>(config.optimization.seed, device, config.policy, environment_)),
      optimizer_(MakeAdam(policy_->parameters(), config.optimization)),
      state_(JoinSettings({Settings(config.policy), Settings(config.optimization), environment_->Settings()}), device) {
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

  const std::int64_t rank = communicator_ == nullptr ? 0 : communicator_->rank();
  const std::int64_t all = communicator_ == nullptr ? how.batch : communicator_->size() * how.batch;
  const policy::MarketBatch markets = policy::Narrow(environment_->Generate(all, device_), rank * how.batch, how.batch);
  const Tensor noise = torch::randn({all, config_.policy.steps, environment_->shape().channels * markets.types()},
                                    torch::TensorOptions(device_).dtype(torch::kFloat32))
                           .narrow(0, rank * how.batch, how.batch);
  const Tensor loss = -environment_->Objective(markets, policy_->forward(markets, noise)).mean();
  optimizer_->zero_grad();
  loss.backward();
  const Tensor mean_loss = loss.detach().clone();
  if (absl::Status status = AverageGradients(mean_loss); !status.ok()) return status;
  const Tensor norm = ClipGradients(policy_->parameters(), how.clip_norm);

  Scalars metrics;
  if (want_metrics || device_.is_cpu()) {
    if (absl::Status status = RequireFinite(iteration_, markets, mean_loss, norm, *policy_); !status.ok())
      return status;
    metrics = {{"loss", mean_loss.item<double>()}, {"gradient_norm", norm.item<double>()}, {"learning_rate", rate}};
  }
  optimizer_->step();
  MoveTowards(*averaged_, *policy_, 1 - how.ema_decay);
  ++iteration_;
  return metrics;
}

absl::Status PathwiseTrainer::AverageGradients(const Tensor& loss) {
  if (communicator_ == nullptr || communicator_->size() == 1) return absl::OkStatus();
  std::vector<Tensor> tensors = {loss};
  for (const Tensor& parameter : policy_->parameters()) tensors.push_back(parameter.grad());
  return communicator_->AllReduceMean(tensors);
}

Tensor PathwiseTrainer::Answer(const policy::MarketBatch& markets, const Tensor& noise) const {
  const torch::NoGradGuard no_grad;
  policy::DiffusionPolicy policy = averaged_;
  return policy->forward(markets, noise);
}

}  // namespace giot::trainer
