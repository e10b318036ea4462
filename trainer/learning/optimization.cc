#include "trainer/learning/optimization.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "absl/strings/str_cat.h"

namespace giot::trainer {
namespace {

using torch::Tensor;

std::string RangeOf(const char* name, const Tensor& values) {
  return absl::StrCat(" ", name, " in [", values.min().item<double>(), ", ", values.max().item<double>(), "]");
}

}  // namespace

std::vector<double> Settings(const OptimizationConfig& config) {
  return {static_cast<double>(config.seed),
          static_cast<double>(config.iterations),
          static_cast<double>(config.batch),
          config.learning_rate,
          static_cast<double>(config.warmup),
          config.first_rate,
          config.adam_beta1,
          config.adam_beta2,
          config.clip_norm,
          config.ema_decay};
}

std::vector<double> Settings(const policy::PolicyConfig& config) {
  return {static_cast<double>(config.hidden), static_cast<double>(config.steps), config.beta_min, config.beta_max,
          static_cast<double>(config.projected_clamp)};
}

std::uint64_t StepSeed(std::uint64_t seed, std::int64_t iteration) {
  std::uint64_t z = seed + 0x9E3779B97F4A7C15ULL * (static_cast<std::uint64_t>(iteration) + 1);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

double LearningRate(const OptimizationConfig& config, std::int64_t iteration) {
  if (config.first_rate > 0) {
    const double share = static_cast<double>(iteration) / std::max(1.0, static_cast<double>(config.iterations) - 1);
    return config.first_rate * std::pow(config.learning_rate / config.first_rate, share);
  }
  const auto step = static_cast<double>(iteration);
  const auto warmup = static_cast<double>(config.warmup);
  if (iteration < config.warmup) return config.learning_rate * (step + 1) / warmup;
  const double progress = (step - warmup) / std::max(1.0, static_cast<double>(config.iterations) - warmup);
  return config.learning_rate * 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, progress)));
}

std::string DiagnoseNonFinite(std::int64_t iteration, const policy::MarketBatch& markets, const Tensor& loss,
                              const torch::nn::Module& module) {
  const std::string message = absl::StrCat("iteration ", iteration, ": loss is ", loss.item<double>());
  for (const auto& parameter : module.named_parameters()) {
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

absl::Status RequireFinite(std::int64_t iteration, const policy::MarketBatch& markets, const Tensor& loss,
                           const Tensor& gradient_norm, const torch::nn::Module& module) {
  if (std::isfinite(loss.item<double>()) && std::isfinite(gradient_norm.item<double>())) return absl::OkStatus();
  return absl::OutOfRangeError(DiagnoseNonFinite(iteration, markets, loss, module));
}

}  // namespace giot::trainer
