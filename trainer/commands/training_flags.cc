#include "trainer/commands/training_flags.h"

#include <fstream>
#include <utility>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "models/bundle/manifest.h"
#include "models/freshness/tensors/environment.h"
#include "models/screening/tensors/environment.h"
#include "models/screening/tensors/raw_environment.h"
#include "models/uncertain/tensors/environment.h"
#include "trainer/commands/flag_range.h"
#include "trainer/commands/market_flags.h"
#include "trainer/learning/pathwise.h"

namespace {
const giot::trainer::PathwiseConfig kDefault;
const giot::trainer::RunSchedule kSchedule;
}  // namespace

ABSL_FLAG(std::string, market, "screening",
          "family of markets: screening, screening_raw (quality and reward as they are, with penalties), uncertain or "
          "freshness; the flags of the distribution are those of the screening market");
ABSL_FLAG(
    std::string, algorithm, "pathwise",
    "pathwise, critic (diffusion policy by critic), ppo, sac, or supervised (diffusion policy on screening "
    "markets that are solved, or freshness markets that are searched)");
ABSL_FLAG(int, hidden, kDefault.policy.hidden, "width H of the policy's layers");
ABSL_FLAG(int, steps, kDefault.policy.steps, "denoising steps T");
ABSL_FLAG(double, beta_min, kDefault.policy.beta_min, "noise schedule, lowest beta");
ABSL_FLAG(double, beta_max, kDefault.policy.beta_max, "noise schedule, highest beta");
ABSL_FLAG(std::uint64_t, seed, kDefault.optimization.seed, "seed of weights, markets and noise");
ABSL_FLAG(std::int64_t, iterations, kDefault.optimization.iterations, "gradient steps");
ABSL_FLAG(std::int64_t, batch, kDefault.optimization.batch, "markets a gradient step");
ABSL_FLAG(double, lr, kDefault.optimization.learning_rate, "peak learning rate; warm-up, then cosine to 0");
ABSL_FLAG(std::int64_t, warmup, kDefault.optimization.warmup, "gradient steps of warm-up");
ABSL_FLAG(double, adam_beta1, kDefault.optimization.adam_beta1, "Adam, decay of the mean");
ABSL_FLAG(double, adam_beta2, kDefault.optimization.adam_beta2, "Adam, decay of the square");
ABSL_FLAG(double, clip_norm, kDefault.optimization.clip_norm, "largest gradient norm");
ABSL_FLAG(double, ema, kDefault.optimization.ema_decay,
          "decay of the averaged weights, which are evaluated and exported");
ABSL_FLAG(std::int64_t, pool, 100000, "solved markets that supervised training draws from");
ABSL_FLAG(int, validation_markets, 500, "held-out markets of the validation");
ABSL_FLAG(std::int64_t, log_every, kSchedule.log_every, "iterations between two log entries");
ABSL_FLAG(std::int64_t, validate_every, kSchedule.validate_every, "iterations between two validations");
ABSL_FLAG(std::int64_t, checkpoint_every, kSchedule.checkpoint_every, "iterations between two checkpoints");
ABSL_FLAG(int, keep_checkpoints, kSchedule.keep_checkpoints, "checkpoints kept");
ABSL_FLAG(int, early_stop, 0,
          "end the run after this many validations in a row without a gain of validation_mean; 0: never");
ABSL_FLAG(double, early_stop_gain, 1e-5, "by how much validation_mean must rise to count as a gain");
ABSL_FLAG(bool, deterministic, false, "one thread and only deterministic kernels; fails where LibTorch has none");
ABSL_FLAG(bool, virtual_cost_features, true,
          "screening: whether the policy sees virtual costs; false, plain ones, is an ablation: no bundle");
ABSL_FLAG(bool, projected_clamp, kDefault.policy.projected_clamp,
          "whether the gradient passes the clamp on levels as a projected step; false, not at all where a level is "
          "clamped, is an ablation: no bundle");
ABSL_FLAG(bool, cuda_graph, kDefault.capture,
          "pathwise on CUDA: capture the step as CUDA graphs, which are replayed; the CPU has none");
ABSL_FLAG(std::string, device, "cpu", "cpu or cuda");

namespace giot::trainer {
namespace {

constexpr absl::string_view kTrainingFlags[] = {"market",
                                                "algorithm",
                                                "hidden",
                                                "steps",
                                                "beta_min",
                                                "beta_max",
                                                "seed",
                                                "iterations",
                                                "batch",
                                                "lr",
                                                "warmup",
                                                "adam_beta1",
                                                "adam_beta2",
                                                "clip_norm",
                                                "ema",
                                                "types_min",
                                                "types_max",
                                                "first_type_min",
                                                "first_type_max",
                                                "last_type_min",
                                                "last_type_max",
                                                "value_scale_min",
                                                "value_scale_max",
                                                "value_rate_min",
                                                "value_rate_max",
                                                "cost_curvature_max",
                                                "quality_min_min",
                                                "quality_min_max",
                                                "budget_share",
                                                "pool",
                                                "validation_markets",
                                                "log_every",
                                                "validate_every",
                                                "checkpoint_every",
                                                "keep_checkpoints",
                                                "early_stop",
                                                "early_stop_gain",
                                                "deterministic",
                                                "virtual_cost_features",
                                                "projected_clamp",
                                                "cuda_graph"};

}  // namespace

bool IsTrainingFlag(absl::string_view name) {
  for (const absl::string_view flag : kTrainingFlags) {
    if (flag == name) return true;
  }
  return false;
}

namespace {

absl::Status Check(const TrainingSettings& settings) {
  constexpr double kLarge = 1e9;
  constexpr double kBelowOne = 1 - 1e-9;
  constexpr double kTiny = 1e-9;
  const policy::PolicyConfig& network = settings.policy;
  const OptimizationConfig& how = settings.optimization;
  FlagRange check;
  check.Within("hidden", network.hidden, 1, bundle::kMaxHidden);
  check.Within("steps", network.steps, 1, bundle::kMaxSteps);
  check.Within("beta_min", network.beta_min, kTiny, kLarge);
  check.Within("beta_max", network.beta_max, network.beta_min, kLarge);
  check.Within("iterations", static_cast<double>(how.iterations), 1, kLarge);
  check.Within("batch", static_cast<double>(how.batch), 1, kLarge);
  check.Within("lr", how.learning_rate, kTiny, kLarge);
  check.Within("warmup", static_cast<double>(how.warmup), 0, kLarge);
  check.Within("adam_beta1", how.adam_beta1, 0, kBelowOne);
  check.Within("adam_beta2", how.adam_beta2, 0, kBelowOne);
  check.Within("clip_norm", how.clip_norm, kTiny, kLarge);
  check.Within("ema", how.ema_decay, 0, kBelowOne);
  check.Within("pool", static_cast<double>(settings.pool), 1, kLarge);
  check.Within("validation_markets", settings.validation_markets, 1, kLarge);
  check.Within("log_every", static_cast<double>(settings.schedule.log_every), 1, kLarge);
  check.Within("validate_every", static_cast<double>(settings.schedule.validate_every), 1, kLarge);
  check.Within("checkpoint_every", static_cast<double>(settings.schedule.checkpoint_every), 1, kLarge);
  check.Within("keep_checkpoints", settings.schedule.keep_checkpoints, 1, kLarge);
  check.Within("early_stop", settings.schedule.early_stop.patience, 0, kLarge);
  check.Within("early_stop_gain", settings.schedule.early_stop.gain, 0, kLarge);
  return check.status();
}

absl::StatusOr<std::shared_ptr<const policy::Environment>> EnvironmentFromFlags() {
  const absl::StatusOr<contract::MarketDistribution> markets = MarketsFromFlags();
  if (!markets.ok()) return markets.status();
  const std::string name = absl::GetFlag(FLAGS_market);
  const bool virtual_costs = absl::GetFlag(FLAGS_virtual_cost_features);
  const screening::SeenCosts seen = virtual_costs ? screening::SeenCosts::kVirtual : screening::SeenCosts::kPlain;
  if (name == "screening") return screening::MakeEnvironment(*markets, seen);
  if (name == "screening_raw") return screening::MakeRawEnvironment(*markets, screening::kRawPenalty, seen);
  if (!virtual_costs) return absl::InvalidArgumentError("--virtual_cost_features=false: wants --market=screening");
  if (name == "uncertain") return uncertain::MakeEnvironment();
  if (name == "freshness") return freshness::MakeEnvironment();
  return absl::InvalidArgumentError(
      absl::StrCat("--market: got '", name, "', want screening, screening_raw, uncertain or freshness"));
}

absl::StatusOr<AlgorithmName> AlgorithmFromFlags() {
  constexpr std::pair<absl::string_view, AlgorithmName> kNames[] = {{"pathwise", AlgorithmName::kPathwise},
                                                                    {"critic", AlgorithmName::kCritic},
                                                                    {"ppo", AlgorithmName::kPpo},
                                                                    {"sac", AlgorithmName::kSac},
                                                                    {"supervised", AlgorithmName::kSupervised}};
  const std::string name = absl::GetFlag(FLAGS_algorithm);
  for (const auto& [known, algorithm] : kNames) {
    if (name == known) return algorithm;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--algorithm: got '", name, "', want pathwise, critic, ppo, sac or supervised"));
}

// Sets one training flag from "--name=value".
absl::Status SetFlag(absl::string_view line) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits('=', 1));
  absl::string_view name = parts.first;
  if (!absl::ConsumePrefix(&name, "--") || !IsTrainingFlag(name)) {
    return absl::InvalidArgumentError(absl::StrCat("'", line, "' is no training flag"));
  }
  absl::CommandLineFlag* const flag = absl::FindCommandLineFlag(name);
  const std::string given = flag->CurrentValue();
  std::string error;
  if (!flag->ParseFrom(parts.second, &error)) {
    return absl::InvalidArgumentError(absl::StrCat("--", name, ": ", error));
  }
  if (given == flag->DefaultValue() || given == flag->CurrentValue()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--", name, ": got ", given, ", but the run was started with ",
                                                 flag->CurrentValue(), "; leave the flag out"));
}

}  // namespace

absl::StatusOr<TrainingSettings> TrainingSettingsFromFlags() {
  TrainingSettings settings;
  const absl::StatusOr<std::shared_ptr<const policy::Environment>> environment = EnvironmentFromFlags();
  if (!environment.ok()) return environment.status();
  settings.environment = *environment;
  const absl::StatusOr<AlgorithmName> algorithm = AlgorithmFromFlags();
  if (!algorithm.ok()) return algorithm.status();
  settings.algorithm = *algorithm;
  policy::PolicyConfig& network = settings.policy;
  OptimizationConfig& how = settings.optimization;
  network.hidden = absl::GetFlag(FLAGS_hidden);
  network.steps = absl::GetFlag(FLAGS_steps);
  network.beta_min = absl::GetFlag(FLAGS_beta_min);
  network.beta_max = absl::GetFlag(FLAGS_beta_max);
  network.projected_clamp = absl::GetFlag(FLAGS_projected_clamp);
  how.seed = absl::GetFlag(FLAGS_seed);
  how.iterations = absl::GetFlag(FLAGS_iterations);
  how.batch = absl::GetFlag(FLAGS_batch);
  how.learning_rate = absl::GetFlag(FLAGS_lr);
  how.warmup = absl::GetFlag(FLAGS_warmup);
  how.adam_beta1 = absl::GetFlag(FLAGS_adam_beta1);
  how.adam_beta2 = absl::GetFlag(FLAGS_adam_beta2);
  how.clip_norm = absl::GetFlag(FLAGS_clip_norm);
  how.ema_decay = absl::GetFlag(FLAGS_ema);
  settings.pool = absl::GetFlag(FLAGS_pool);
  settings.validation_markets = absl::GetFlag(FLAGS_validation_markets);
  settings.schedule = {absl::GetFlag(FLAGS_log_every),
                       absl::GetFlag(FLAGS_validate_every),
                       absl::GetFlag(FLAGS_checkpoint_every),
                       absl::GetFlag(FLAGS_keep_checkpoints),
                       {absl::GetFlag(FLAGS_early_stop), absl::GetFlag(FLAGS_early_stop_gain)}};
  settings.deterministic = absl::GetFlag(FLAGS_deterministic);
  settings.virtual_cost_features = absl::GetFlag(FLAGS_virtual_cost_features);
  settings.cuda_graph = absl::GetFlag(FLAGS_cuda_graph);
  if (absl::Status status = Check(settings); !status.ok()) return status;
  return settings;
}

std::string TrainingFlags(absl::string_view separator) {
  std::string flags;
  for (const absl::string_view name : kTrainingFlags) {
    absl::StrAppend(&flags, "--", name, "=", absl::FindCommandLineFlag(name)->CurrentValue(), separator);
  }
  return flags;
}

absl::Status ReadTrainingFlags(const std::filesystem::path& config) {
  std::ifstream stream(config);
  if (!stream) return absl::NotFoundError(absl::StrCat(config.string(), ": no such run"));
  for (std::string line; std::getline(stream, line);) {
    if (absl::Status status = SetFlag(line); !status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(config.string(), ": ", status.message()));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<torch::Device> DeviceFromFlags(int local_rank) {
  const std::string name = absl::GetFlag(FLAGS_device);
  if (name == "cpu") return torch::Device(torch::kCPU);
  if (name != "cuda") return absl::InvalidArgumentError(absl::StrCat("--device: got '", name, "', want cpu or cuda"));
  if (torch::cuda::is_available()) return torch::Device(torch::kCUDA, static_cast<torch::DeviceIndex>(local_rank));
  return absl::FailedPreconditionError("--device=cuda: this LibTorch sees no CUDA device; train with --device=cpu");
}

}  // namespace giot::trainer
