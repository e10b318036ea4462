#include "trainer/pathwise.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "models/policy/decode.h"
#include "models/policy/virtual_costs.h"
#include "trainer/market_generator.h"

namespace giot::trainer {
namespace {

using torch::Tensor;

// Pooling is worthless in some markets; below this utility (theta_K = 1) the
// loss is no longer scaled up.
constexpr double kUtilityFloor = 0.05;

// A distinct generator seed for every step (SplitMix64 finaliser).
std::uint64_t StepSeed(std::uint64_t seed, std::int64_t iteration) {
  std::uint64_t z = seed + 0x9E3779B97F4A7C15ULL * (static_cast<std::uint64_t>(iteration) + 1);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

double LearningRate(const PathwiseConfig& config, std::int64_t iteration) {
  const auto step = static_cast<double>(iteration);
  const auto warmup = static_cast<double>(config.warmup);
  if (iteration < config.warmup) return config.learning_rate * (step + 1) / warmup;
  const double progress = (step - warmup) / std::max(1.0, static_cast<double>(config.iterations) - warmup);
  return config.learning_rate * 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, progress)));
}

void CopyParameters(torch::nn::Module& from, torch::nn::Module& to) {
  torch::NoGradGuard no_grad;
  const auto source = from.parameters();
  const auto target = to.parameters();
  for (std::size_t i = 0; i < source.size(); ++i) target[i].copy_(source[i]);
}

// Scales the gradients so that their joint norm is at most `limit`, without
// asking the host; returns the norm before.
Tensor ClipGradients(const std::vector<Tensor>& parameters, double limit) {
  std::vector<Tensor> norms;
  for (const Tensor& parameter : parameters) norms.push_back(parameter.grad().norm());
  const Tensor norm = torch::stack(norms).norm();
  const Tensor scale = (limit / (norm + 1e-6)).clamp_max(1.0);
  for (const Tensor& parameter : parameters) parameter.grad().mul_(scale);
  return norm;
}

// Everything that a resumed run must share with the one it continues.
Tensor Fingerprint(const PathwiseConfig& config) {
  const contract::MarketDistribution& m = config.markets;
  return torch::tensor(std::vector<double>{static_cast<double>(config.policy.hidden),
                                           static_cast<double>(config.policy.steps),
                                           config.policy.beta_min,
                                           config.policy.beta_max,
                                           static_cast<double>(config.seed),
                                           static_cast<double>(config.iterations),
                                           static_cast<double>(config.batch),
                                           config.learning_rate,
                                           static_cast<double>(config.warmup),
                                           config.adam_beta1,
                                           config.adam_beta2,
                                           config.clip_norm,
                                           config.ema_decay,
                                           static_cast<double>(m.types_min),
                                           static_cast<double>(m.types_max),
                                           m.first_type_min,
                                           m.first_type_max,
                                           m.last_type_min,
                                           m.last_type_max,
                                           m.value_scale_min,
                                           m.value_scale_max,
                                           m.value_rate_min,
                                           m.value_rate_max,
                                           m.cost_curvature_max,
                                           m.quality_min_min,
                                           m.quality_min_max,
                                           m.budget_share},
                       torch::kDouble);
}

std::string RangeOf(const char* name, const Tensor& values) {
  return absl::StrCat(" ", name, " in [", values.min().item<double>(), ", ", values.max().item<double>(), "]");
}

std::string Diagnose(std::int64_t iteration, const policy::MarketBatch& markets, const Tensor& loss,
                     torch::nn::Module& policy) {
  std::string message = absl::StrCat("iteration ", iteration, ": loss is ", loss.item<double>());
  for (const auto& parameter : policy.named_parameters()) {
    if (!torch::isfinite(parameter.value()).all().item<bool>()) {
      return absl::StrCat(message, ", parameter ", parameter.key(), " is not finite");
    }
    if (parameter.value().grad().defined() && !torch::isfinite(parameter.value().grad()).all().item<bool>()) {
      return absl::StrCat(message, ", gradient of ", parameter.key(), " is not finite;",
                          RangeOf("theta", markets.cost_types), RangeOf("p", markets.probabilities),
                          RangeOf("globals", markets.globals));
    }
  }
  return message;
}

}  // namespace

PathwiseTrainer::PathwiseTrainer(const PathwiseConfig& config, torch::Device device)
    : config_(config), device_(device), policy_(nullptr), averaged_(nullptr) {
  torch::manual_seed(config.seed);
  policy_ = policy::DiffusionPolicy(config.policy);
  averaged_ = policy::DiffusionPolicy(config.policy);
  policy_->to(device);
  averaged_->to(device);
  CopyParameters(*policy_, *averaged_);
  optimizer_ = std::make_unique<torch::optim::Adam>(
      policy_->parameters(),
      torch::optim::AdamOptions(config.learning_rate).betas({config.adam_beta1, config.adam_beta2}));
}

absl::StatusOr<StepMetrics> PathwiseTrainer::Step(bool want_metrics) {
  torch::manual_seed(StepSeed(config_.seed, iteration_));
  const double rate = LearningRate(config_, iteration_);
  static_cast<torch::optim::AdamOptions&>(optimizer_->param_groups()[0].options()).lr(rate);

  const policy::MarketBatch markets = GenerateMarkets(config_.markets, config_.batch, device_);
  const Tensor noise = torch::randn({config_.batch, config_.policy.steps, markets.types()},
                                    torch::TensorOptions(device_).dtype(torch::kFloat32));
  const Tensor levels = policy_->forward(markets, noise);
  const Tensor virtual_costs = policy::VirtualCosts(markets);
  const Tensor quality = policy::Decode(markets, virtual_costs, levels).quality;
  const Tensor scale = policy::PoolingUtility(markets).clamp_min(kUtilityFloor);
  const Tensor loss = -(policy::Utility(markets, virtual_costs, quality) / scale).mean();
  optimizer_->zero_grad();
  loss.backward();
  const std::vector<Tensor> parameters = policy_->parameters();
  const Tensor norm = ClipGradients(parameters, config_.clip_norm);

  StepMetrics metrics;
  if (want_metrics || device_.is_cpu()) {
    metrics = {loss.item<double>(), norm.item<double>(), rate};
    if (!std::isfinite(metrics.loss) || !std::isfinite(metrics.gradient_norm)) {
      return absl::OutOfRangeError(Diagnose(iteration_, markets, loss, *policy_));
    }
  }
  optimizer_->step();
  {
    torch::NoGradGuard no_grad;
    const std::vector<Tensor> averages = averaged_->parameters();
    for (std::size_t i = 0; i < averages.size(); ++i) averages[i].lerp_(parameters[i], 1 - config_.ema_decay);
  }
  ++iteration_;
  return metrics;
}

void PathwiseTrainer::SaveTo(torch::serialize::OutputArchive& archive) const {
  archive.write("fingerprint", Fingerprint(config_));
  archive.write("iteration", torch::tensor(iteration_));
  torch::serialize::OutputArchive weights, averages, optimizer;
  policy_->save(weights);
  averaged_->save(averages);
  optimizer_->save(optimizer);
  archive.write("weights", weights);
  archive.write("averages", averages);
  archive.write("optimizer", optimizer);
}

absl::Status PathwiseTrainer::LoadFrom(torch::serialize::InputArchive& archive) {
  try {
    Tensor fingerprint, iteration;
    archive.read("fingerprint", fingerprint);
    if (!torch::equal(fingerprint, Fingerprint(config_))) {
      return absl::InvalidArgumentError("checkpoint is of a run with other settings than this one");
    }
    archive.read("iteration", iteration);
    torch::serialize::InputArchive weights, averages, optimizer;
    archive.read("weights", weights);
    archive.read("averages", averages);
    archive.read("optimizer", optimizer);
    policy_->load(weights);
    averaged_->load(averages);
    policy_->to(device_);
    averaged_->to(device_);
    optimizer_->load(optimizer);
    iteration_ = iteration.item<std::int64_t>();
    return absl::OkStatus();
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("checkpoint is incomplete or damaged: ", error.what()));
  }
}

}  // namespace giot::trainer
