#include "trainer/learning/diffusion_critic.h"

#include <utility>

namespace giot::trainer {
namespace {

using policy::MarketBatch;
using torch::Tensor;

OptimizationConfig WithRate(OptimizationConfig config, double learning_rate) {
  config.learning_rate = learning_rate;
  return config;
}

std::vector<double> OwnSettings(const DiffusionCriticConfig& config) {
  return {config.critic_learning_rate,           static_cast<double>(config.critic_hidden),
          static_cast<double>(config.simulated), static_cast<double>(config.random_first),
          static_cast<double>(config.buffer),    config.exploration};
}

}  // namespace

DiffusionCriticTrainer::DiffusionCriticTrainer(const DiffusionCriticConfig& config,
                                               std::shared_ptr<const policy::Environment> environment,
                                               torch::Device device)
    : config_(config),
      critic_optimization_(WithRate(config.optimization, config.critic_learning_rate)),
      environment_(std::move(environment)),
      device_(device),
      policy_(Seeded<policy::DiffusionPolicy>(config.optimization.seed, device, config.policy, environment_)),
      averaged_(Seeded<policy::DiffusionPolicy>(config.optimization.seed, device, config.policy, environment_)),
      critic_(Seeded<TwinCritic>(config.optimization.seed, device, environment_->shape(), config.critic_hidden)),
      actor_optimizer_(policy_->parameters(), config.optimization),
      critic_optimizer_(critic_->parameters(), critic_optimization_),
      averages_(Flatten(averaged_->parameters())),
      buffer_(config.buffer, UniformExperience(*environment_, 1, device)),
      state_(JoinSettings(
          {Settings(config.policy), Settings(config.optimization), OwnSettings(config), environment_->Settings()})) {
  state_.Add("iteration", iteration_);
  state_.Add("averages", averages_);
  actor_optimizer_.AddTo(state_, "actor");
  critic_optimizer_.AddTo(state_, "critic");
  buffer_.AddTo(state_);
}

Tensor DiffusionCriticTrainer::ChainNoise(const MarketBatch& markets) const {
  return torch::randn({markets.size(), config_.policy.steps, environment_->shape().channels * markets.types()},
                      markets.mask.options());
}

Experience DiffusionCriticTrainer::Explore() {
  const torch::NoGradGuard no_grad;
  const MarketBatch markets = environment_->Generate(config_.simulated, device_);
  const Tensor levels = policy_->forward(markets, ChainNoise(markets));
  const Tensor mask = markets.mask.repeat({1, environment_->shape().channels});
  const Tensor tried = (levels + config_.exploration * torch::randn_like(levels)).clamp(-1, 1) * mask;
  return {markets, tried, environment_->Reward(markets, tried)};
}

absl::StatusOr<Scalars> DiffusionCriticTrainer::Step(bool want_metrics) {
  const OptimizationConfig& how = config_.optimization;
  torch::manual_seed(StepSeed(how.seed, iteration_));
  const double rate = LearningRate(how, iteration_);
  actor_optimizer_.SetRate(rate);
  critic_optimizer_.SetRate(LearningRate(critic_optimization_, iteration_));

  if (buffer_.size() == 0) buffer_.Add(UniformExperience(*environment_, config_.random_first, device_));
  const Experience explored = Explore();
  buffer_.Add(explored);
  const Experience replayed = buffer_.Sample(how.batch);
  const MarketBatch& markets = replayed.markets;
  const policy::Features features = environment_->Observe(markets);

  const Tensor critic_loss = critic_->RegressionLoss(markets, features, replayed.levels, replayed.rewards);
  critic_optimizer_.Differentiate(critic_loss);
  const Tensor critic_norm = critic_optimizer_.ClipGradient(how.clip_norm);
  const Tensor answers = policy_->forward(markets, ChainNoise(markets));
  const Tensor actor_loss = -critic_->Least(markets, features, answers).mean();
  actor_optimizer_.Differentiate(actor_loss);
  const Tensor actor_norm = actor_optimizer_.ClipGradient(how.clip_norm);

  Scalars metrics;
  if (want_metrics || device_.is_cpu()) {
    absl::Status finite = RequireFinite(iteration_, markets, critic_loss, critic_norm, *critic_);
    finite.Update(RequireFinite(iteration_, markets, actor_loss, actor_norm, *policy_));
    if (!finite.ok()) return finite;
    metrics = {{"reward", explored.rewards.mean().item<double>()},
               {"critic_loss", critic_loss.item<double>()},
               {"actor_loss", actor_loss.item<double>()},
               {"learning_rate", rate}};
  }
  critic_optimizer_.Step();
  actor_optimizer_.Step();
  averages_.lerp_(actor_optimizer_.values(), 1 - how.ema_decay);
  ++iteration_;
  return metrics;
}

Tensor DiffusionCriticTrainer::Answer(const MarketBatch& markets, const Tensor& noise) const {
  const torch::NoGradGuard no_grad;
  policy::DiffusionPolicy policy = averaged_;
  return policy->forward(markets, noise);
}

}  // namespace giot::trainer
