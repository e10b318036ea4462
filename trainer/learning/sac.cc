#include "trainer/learning/sac.h"

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace giot::trainer {
namespace {

using policy::Features;
using policy::MarketBatch;
using torch::Tensor;

// Of log sigma: beyond these the density is of no use.
constexpr double kLogDeviationMin = -6.0;
constexpr double kLogDeviationMax = 1.0;

std::vector<double> OwnSettings(const SacConfig& config) {
  return {static_cast<double>(config.hidden),
          static_cast<double>(config.critic_hidden),
          static_cast<double>(config.simulated),
          static_cast<double>(config.random_first),
          static_cast<double>(config.buffer),
          config.initial_temperature,
          config.level_entropy};
}

}  // namespace

TanhGaussianPolicyImpl::TanhGaussianPolicyImpl(const policy::PolicyShape& shape, int hidden)
    : network_(register_module("network", LevelNetwork(shape, 2 * shape.channels, hidden))) {}

TanhGaussianPolicyImpl::Draw TanhGaussianPolicyImpl::Sample(const MarketBatch& markets, const Features& features,
                                                            const Tensor& noise) {
  const std::vector<Tensor> numbers = network_(markets, features).chunk(2, 1);
  const Tensor mask = markets.mask.repeat({1, noise.size(1) / markets.types()});
  const Tensor log_deviation = numbers[1].clamp(kLogDeviationMin, kLogDeviationMax);
  const Tensor before = numbers[0] + log_deviation.exp() * noise;
  // log(1 - tanh^2 u) = 2 (log 2 - u - softplus(-2 u)), without cancellation.
  const Tensor log_slope = 2 * (std::numbers::ln2 - before - torch::softplus(-2 * before));
  const Tensor log_normal = -0.5 * noise * noise - log_deviation - 0.5 * std::log(2 * std::numbers::pi);
  return {torch::tanh(before) * mask, ((log_normal - log_slope) * mask).sum(1)};
}

Tensor TanhGaussianPolicyImpl::Center(const MarketBatch& markets, const Features& features) {
  return torch::tanh(network_(markets, features).chunk(2, 1)[0]);
}

SacTrainer::SacTrainer(const SacConfig& config, std::shared_ptr<const policy::Environment> environment,
                       torch::Device device)
    : config_(config),
      environment_(std::move(environment)),
      device_(device),
      policy_(Seeded<TanhGaussianPolicy>(config.optimization.seed, device, environment_->shape(), config.hidden)),
      averaged_(Seeded<TanhGaussianPolicy>(config.optimization.seed, device, environment_->shape(), config.hidden)),
      critic_(Seeded<TwinCritic>(config.optimization.seed, device, environment_->shape(), config.critic_hidden)),
      log_temperature_(torch::full({1}, std::log(config.initial_temperature),
                                   torch::TensorOptions(device).dtype(torch::kFloat32).requires_grad(true))),
      actor_optimizer_(policy_->parameters(), config.optimization),
      critic_optimizer_(critic_->parameters(), config.optimization),
      temperature_optimizer_({log_temperature_}, config.optimization),
      averages_(Flatten(averaged_->parameters())),
      buffer_(config.buffer, UniformExperience(*environment_, 1, device)),
      state_(JoinSettings({Settings(config.optimization), OwnSettings(config), environment_->Settings()})) {
  state_.Add("iteration", iteration_);
  state_.Add("averages", averages_);
  actor_optimizer_.AddTo(state_, "actor");
  critic_optimizer_.AddTo(state_, "critic");
  temperature_optimizer_.AddTo(state_, "temperature");
  buffer_.AddTo(state_);
}

TanhGaussianPolicyImpl::Draw SacTrainer::Draw(const MarketBatch& markets, const Features& features) {
  const std::int64_t levels = environment_->shape().channels * markets.types();
  return policy_->Sample(markets, features, torch::randn({markets.size(), levels}, markets.mask.options()));
}

Experience SacTrainer::Explore() {
  const torch::NoGradGuard no_grad;
  const MarketBatch markets = environment_->Generate(config_.simulated, device_);
  const Tensor levels = Draw(markets, environment_->Observe(markets)).levels;
  return {markets, levels, environment_->Reward(markets, levels)};
}

absl::StatusOr<Scalars> SacTrainer::Step(bool want_metrics) {
  const OptimizationConfig& how = config_.optimization;
  torch::manual_seed(StepSeed(how.seed, iteration_));
  const double rate = LearningRate(how, iteration_);
  for (Adam* optimizer : {&actor_optimizer_, &critic_optimizer_, &temperature_optimizer_}) optimizer->SetRate(rate);

  if (buffer_.size() == 0) buffer_.Add(UniformExperience(*environment_, config_.random_first, device_));
  const Experience explored = Explore();
  buffer_.Add(explored);
  const Experience replayed = buffer_.Sample(how.batch);
  const MarketBatch& markets = replayed.markets;
  const Features features = environment_->Observe(markets);

  const Tensor critic_loss = critic_->RegressionLoss(markets, features, replayed.levels, replayed.rewards);
  critic_optimizer_.Differentiate(critic_loss);
  const Tensor critic_norm = critic_optimizer_.ClipGradient(how.clip_norm);

  const TanhGaussianPolicyImpl::Draw drawn = Draw(markets, features);
  const Tensor temperature = log_temperature_.exp();
  const Tensor actor_loss =
      (temperature.detach() * drawn.log_density - critic_->Least(markets, features, drawn.levels)).mean();
  actor_optimizer_.Differentiate(actor_loss);
  const Tensor actor_norm = actor_optimizer_.ClipGradient(how.clip_norm);

  const Tensor target = config_.level_entropy * environment_->shape().channels * markets.mask.sum(1);
  temperature_optimizer_.Differentiate(-(temperature * (drawn.log_density.detach() + target)).mean());

  Scalars metrics;
  if (want_metrics || device_.is_cpu()) {
    absl::Status finite = RequireFinite(iteration_, markets, critic_loss, critic_norm, *critic_);
    finite.Update(RequireFinite(iteration_, markets, actor_loss, actor_norm, *policy_));
    if (!finite.ok()) return finite;
    metrics = {{"reward", explored.rewards.mean().item<double>()},
               {"critic_loss", critic_loss.item<double>()},
               {"actor_loss", actor_loss.item<double>()},
               {"temperature", temperature.item<double>()},
               {"learning_rate", rate}};
  }
  critic_optimizer_.Step();
  actor_optimizer_.Step();
  temperature_optimizer_.Step();
  averages_.lerp_(actor_optimizer_.values(), 1 - how.ema_decay);
  ++iteration_;
  return metrics;
}

Tensor SacTrainer::Answer(const MarketBatch& markets, const Tensor&) const {
  const torch::NoGradGuard no_grad;
  TanhGaussianPolicy policy = averaged_;
  return policy->Center(markets, environment_->Observe(markets));
}

}  // namespace giot::trainer
