#include "trainer/learning/ppo.h"

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <utility>
#include <vector>

#include "trainer/learning/replay_buffer.h"

namespace giot::trainer {

using policy::Features;
using policy::MarketBatch;
using torch::Tensor;

namespace {

std::vector<double> OwnSettings(const PpoConfig& config) {
  return {static_cast<double>(config.hidden),
          static_cast<double>(config.rollout),
          static_cast<double>(config.epochs),
          config.clip,
          config.kl_limit,
          config.entropy_bonus,
          config.value_weight,
          config.initial_deviation};
}

}  // namespace

GaussianActorCriticImpl::GaussianActorCriticImpl(const policy::PolicyShape& shape, int hidden, double initial_deviation)
    : mean_(register_module("mean", LevelNetwork(shape, shape.channels, hidden))),
      baseline_(register_module("baseline", ScoreNetwork(shape, shape.type_features, hidden))),
      log_deviation_(register_parameter("log_deviation", torch::full({shape.channels}, std::log(initial_deviation)))) {}

Tensor GaussianActorCriticImpl::Mean(const MarketBatch& markets, const Features& features) {
  return mean_(markets, features);
}

Tensor GaussianActorCriticImpl::Deviation(std::int64_t types) const {
  return log_deviation_.exp().repeat_interleave(types);
}

Tensor GaussianActorCriticImpl::LogDensity(const MarketBatch& markets, const Tensor& mean,
                                           const Tensor& actions) const {
  const Tensor deviation = Deviation(markets.types());
  const Tensor standard = (actions - mean) / deviation;
  const Tensor log_normal = -0.5 * standard * standard - deviation.log() - 0.5 * std::log(2 * std::numbers::pi);
  return (log_normal * markets.mask.repeat({1, log_deviation_.size(0)})).sum(1);
}

Tensor GaussianActorCriticImpl::Entropy(const MarketBatch& markets) const {
  const Tensor of_type = (log_deviation_ + 0.5 * std::log(2 * std::numbers::pi * std::numbers::e)).sum();
  return of_type * markets.mask.sum(1);
}

Tensor GaussianActorCriticImpl::Baseline(const MarketBatch& markets, const Features& features) {
  return baseline_(markets, features.types, features.globals);
}

// A policy's actions on B markets and what they brought.
struct PpoTrainer::Rollout {
  MarketBatch markets;
  Features features;
  Tensor actions;        // [B, C K]
  Tensor log_densities;  // [B], when they were drawn.
  Tensor rewards;        // [B]
  Tensor advantages;     // [B]

  Rollout Rows(const Tensor& index) const {
    return {Select(markets, index),
            {features.types.index_select(0, index), features.globals.index_select(0, index), {}},
            actions.index_select(0, index),
            log_densities.index_select(0, index),
            rewards.index_select(0, index),
            advantages.index_select(0, index)};
  }
};

struct PpoTrainer::Update {
  Tensor loss;
  Tensor kl;
};

PpoTrainer::PpoTrainer(const PpoConfig& config, std::shared_ptr<const policy::Environment> environment,
                       torch::Device device)
    : config_(config),
      environment_(std::move(environment)),
      device_(device),
      network_(Seeded<GaussianActorCritic>(config.optimization.seed, device, environment_->shape(), config.hidden,
                                           config.initial_deviation)),
      averaged_(Seeded<GaussianActorCritic>(config.optimization.seed, device, environment_->shape(), config.hidden,
                                            config.initial_deviation)),
      optimizer_(network_->parameters(), config.optimization),
      averages_(Flatten(averaged_->parameters())),
      state_(JoinSettings({Settings(config.optimization), OwnSettings(config), environment_->Settings()})) {
  if (config.rollout % config.optimization.batch != 0) std::abort();
  state_.Add("iteration", iteration_);
  state_.Add("averages", averages_);
  optimizer_.AddTo(state_, "policy");
}

PpoTrainer::Rollout PpoTrainer::Simulate() {
  const torch::NoGradGuard no_grad;
  const MarketBatch markets = environment_->Generate(config_.rollout, device_);
  const Features features = environment_->Observe(markets);
  const Tensor mean = network_->Mean(markets, features);
  const Tensor mask = markets.mask.repeat({1, environment_->shape().channels});
  const Tensor actions = (mean + network_->Deviation(markets.types()) * torch::randn_like(mean)) * mask;
  const Tensor rewards = environment_->Reward(markets, actions.clamp(-1, 1));
  const Tensor gained = rewards - network_->Baseline(markets, features);
  const Tensor advantages = (gained - gained.mean()) / (gained.std() + 1e-8);
  return {markets, features, actions, network_->LogDensity(markets, mean, actions), rewards, advantages};
}

PpoTrainer::Update PpoTrainer::Evaluate(const Rollout& part) {
  const Tensor mean = network_->Mean(part.markets, part.features);
  const Tensor log_ratio = network_->LogDensity(part.markets, mean, part.actions) - part.log_densities;
  const Tensor ratio = log_ratio.exp();
  const Tensor gain =
      torch::min(ratio * part.advantages, ratio.clamp(1 - config_.clip, 1 + config_.clip) * part.advantages);
  const Tensor value_loss = torch::mse_loss(network_->Baseline(part.markets, part.features), part.rewards);
  const Tensor entropy = network_->Entropy(part.markets);
  return {-gain.mean() - config_.entropy_bonus * entropy.mean() + config_.value_weight * value_loss,
          (ratio - 1 - log_ratio).mean()};
}

absl::StatusOr<Scalars> PpoTrainer::Step(bool) {
  const OptimizationConfig& how = config_.optimization;
  torch::manual_seed(StepSeed(how.seed, iteration_));
  const double rate = LearningRate(how, iteration_);
  optimizer_.SetRate(rate);

  const Rollout rollout = Simulate();
  double loss = 0.0;
  double kl = 0.0;
  std::int64_t updates = 0;
  for (int epoch = 0; epoch < config_.epochs && kl <= config_.kl_limit; ++epoch) {
    const Tensor order = torch::randperm(config_.rollout, rollout.rewards.options().dtype(torch::kLong));
    for (const Tensor& index : order.split(how.batch)) {
      const Rollout part = rollout.Rows(index);
      const Update update = Evaluate(part);
      loss = update.loss.item<double>();
      kl = update.kl.item<double>();
      if (kl > config_.kl_limit) break;
      optimizer_.Differentiate(update.loss);
      const Tensor norm = optimizer_.ClipGradient(how.clip_norm);
      absl::Status finite = RequireFinite(iteration_, part.markets, update.loss, norm, *network_);
      if (!finite.ok()) return finite;
      optimizer_.Step();
      ++updates;
    }
  }
  averages_.lerp_(optimizer_.values(), 1 - how.ema_decay);
  ++iteration_;
  return Scalars{{"reward", rollout.rewards.mean().item<double>()},
                 {"loss", loss},
                 {"kl", kl},
                 {"updates", static_cast<double>(updates)},
                 {"deviation", network_->Deviation(1).mean().item<double>()},
                 {"learning_rate", rate}};
}

Tensor PpoTrainer::Answer(const MarketBatch& markets, const Tensor&) const {
  const torch::NoGradGuard no_grad;
  GaussianActorCritic network = averaged_;
  return network->Mean(markets, environment_->Observe(markets)).clamp(-1, 1);
}

}  // namespace giot::trainer
