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
      optimizer_(policy_->parameters(), config.optimization),
      averages_(Flatten(averaged_->parameters())),
      loss_(torch::zeros({}, torch::TensorOptions(device).dtype(torch::kFloat32))),
      gradient_work_(MakeStepGraph(device, config.capture, [this] { ComputeGradient(); })),
      update_work_(MakeStepGraph(device, config.capture, [this] { Update(); })),
      state_(JoinSettings({Settings(config.policy), Settings(config.optimization), environment_->Settings()})) {
  state_.Add("iteration", iteration_);
  state_.Add("averages", averages_);
  optimizer_.AddTo(state_, "policy");
}

// A captured step goes on with the numbers of the generator that it was captured with.
void PathwiseTrainer::Seed() {
  if (seeded_ && config_.capture && CanCapture(device_)) return;
  torch::manual_seed(StepSeed(config_.optimization.seed, iteration_));
  seeded_ = true;
}

void PathwiseTrainer::ComputeGradient() {
  const std::int64_t batch = config_.optimization.batch;
  const std::int64_t first = communicator_ == nullptr ? 0 : communicator_->rank() * batch;
  const std::int64_t all = communicator_ == nullptr ? batch : communicator_->size() * batch;
  markets_ = policy::Narrow(environment_->Generate(all, device_), first, batch);
  const Tensor noise = torch::randn({all, config_.policy.steps, environment_->shape().channels * markets_.types()},
                                    torch::TensorOptions(device_).dtype(torch::kFloat32))
                           .narrow(0, first, batch);
  const Tensor loss = -environment_->Objective(markets_, policy_->forward(markets_, noise)).mean();
  optimizer_.Differentiate(loss);
  loss_.copy_(loss.detach());
}

void PathwiseTrainer::Update() {
  const torch::NoGradGuard no_grad;
  optimizer_.ClipGradient(config_.optimization.clip_norm);
  optimizer_.Step();
  averages_.lerp_(optimizer_.values(), 1 - config_.optimization.ema_decay);
}

absl::StatusOr<Scalars> PathwiseTrainer::Step(bool want_metrics) {
  const double rate = LearningRate(config_.optimization, iteration_);
  optimizer_.SetRate(rate);
  Seed();
  gradient_work_->Run();
  if (absl::Status status = AverageGradient(); !status.ok()) return status;

  Scalars metrics;
  if (want_metrics || device_.is_cpu()) {
    const Tensor norm = optimizer_.gradient().norm();
    if (absl::Status status = RequireFinite(iteration_, markets_, loss_, norm, *policy_); !status.ok()) return status;
    metrics = {{"loss", loss_.item<double>()}, {"gradient_norm", norm.item<double>()}, {"learning_rate", rate}};
  }
  update_work_->Run();
  ++iteration_;
  return metrics;
}

absl::Status PathwiseTrainer::AverageGradient() {
  if (communicator_ == nullptr || communicator_->size() == 1) return absl::OkStatus();
  return communicator_->AllReduceMean({loss_, optimizer_.gradient()});
}

Tensor PathwiseTrainer::Answer(const policy::MarketBatch& markets, const Tensor& noise) const {
  const torch::NoGradGuard no_grad;
  policy::DiffusionPolicy policy = averaged_;
  return policy->forward(markets, noise);
}

}  // namespace giot::trainer
