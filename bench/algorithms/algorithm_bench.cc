// What a learning algorithm reaches, and how fast, on one core.
//
//   algorithm_bench --algorithm=ppo --environment=screening --steps=250 --seed=1
//
// Prints a JSON object a line, every --report_every steps and after the last: step, markets
// simulated so far, seconds and CPU seconds of training alone, the share of the reference
// (optimum or bound) that answers to held-out markets reach (mean, 1st percentile, minimum,
// share that is not feasible), and the step's own metrics.

#include <chrono>
#include <ctime>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/algorithms/power_allocation.h"
#include "models/policy/runtime.h"
#include "models/policy/tensor_form.h"
#include "models/screening/tensors/environment.h"
#include "models/screening/tensors/exact_levels.h"
#include "models/screening/tensors/raw_environment.h"
#include "trainer/learning/diffusion_critic.h"
#include "trainer/learning/pathwise.h"
#include "trainer/learning/ppo.h"
#include "trainer/learning/sac.h"
#include "trainer/learning/supervised_diffusion.h"
#include "trainer/retained_memory.h"
#include "trainer/validation.h"

ABSL_FLAG(std::string, algorithm, "", "pathwise, diffusion_critic, ppo, sac or supervised_diffusion");
ABSL_FLAG(std::string, environment, "screening", "screening, screening_raw, power_types or power_vector");
ABSL_FLAG(std::int64_t, steps, 1000, "steps of the algorithm in all");
ABSL_FLAG(std::int64_t, stop_after, 0, "end the program after so many steps; 0: after all");
ABSL_FLAG(std::int64_t, report_every, 500, "steps between two lines");
ABSL_FLAG(std::uint64_t, seed, 1, "of the training");
ABSL_FLAG(int, held_out, 2000, "markets that answers are measured on");
ABSL_FLAG(int, types_max, 10, "most types of a screening market");
ABSL_FLAG(bool, virtual_cost_features, true, "screening: whether policies see virtual costs");
ABSL_FLAG(bool, projected_clamp, true, "pathwise: whether gradients pass the clamp on levels as a projected step");
ABSL_FLAG(bool, tensor_form, false, "the tensor operations that accelerators run, in place of the CPU's own kernels");

// The algorithms' settings; what is left out keeps the default of the algorithm.
ABSL_FLAG(std::optional<double>, learning_rate, std::nullopt, "peak rate");
ABSL_FLAG(std::optional<double>, critic_learning_rate, std::nullopt, "diffusion_critic");
ABSL_FLAG(std::optional<double>, batch, std::nullopt, "markets a gradient step");
ABSL_FLAG(std::optional<double>, ema_decay, std::nullopt, "of the weights that answer");
ABSL_FLAG(std::optional<double>, adam_beta2, std::nullopt, "");
ABSL_FLAG(std::optional<double>, clip_norm, std::nullopt, "of gradients");
ABSL_FLAG(std::optional<double>, hidden, std::nullopt, "width of actor or policy");
ABSL_FLAG(std::optional<double>, critic_hidden, std::nullopt, "diffusion_critic, sac");
ABSL_FLAG(std::optional<double>, denoising_steps, std::nullopt, "T of a diffusion policy");
ABSL_FLAG(std::optional<double>, simulated, std::nullopt, "diffusion_critic, sac: markets a step");
ABSL_FLAG(std::optional<double>, exploration, std::nullopt, "diffusion_critic: standard deviation");
ABSL_FLAG(std::optional<double>, level_entropy, std::nullopt, "sac: target");
ABSL_FLAG(std::optional<double>, initial_temperature, std::nullopt, "sac");
ABSL_FLAG(std::optional<double>, rollout, std::nullopt, "ppo: markets a step");
ABSL_FLAG(std::optional<double>, epochs, std::nullopt, "ppo");
ABSL_FLAG(std::optional<double>, kl_limit, std::nullopt, "ppo");
ABSL_FLAG(std::optional<double>, initial_deviation, std::nullopt, "ppo");

namespace giot::bench {
namespace {

using trainer::Algorithm;

// Of the held-out markets: not those of training or of a release.
constexpr std::uint64_t kHeldOutSeed = 20250717;

using EnvironmentPointer = std::shared_ptr<const policy::Environment>;

template <typename Number>
void Override(const absl::Flag<std::optional<double>>& flag, Number& setting) {
  if (const std::optional<double> given = absl::GetFlag(flag)) setting = static_cast<Number>(*given);
}

// An algorithm, and how many markets it simulates.
struct Subject {
  std::unique_ptr<Algorithm> algorithm;
  std::int64_t simulated_first = 0;
  std::int64_t simulated_a_step = 0;
};

void Override(trainer::OptimizationConfig& how) {
  how.seed = absl::GetFlag(FLAGS_seed);
  how.iterations = absl::GetFlag(FLAGS_steps);
  Override(FLAGS_learning_rate, how.learning_rate);
  Override(FLAGS_batch, how.batch);
  Override(FLAGS_ema_decay, how.ema_decay);
  Override(FLAGS_adam_beta2, how.adam_beta2);
  Override(FLAGS_clip_norm, how.clip_norm);
}

void Override(policy::PolicyConfig& policy) {
  Override(FLAGS_hidden, policy.hidden);
  Override(FLAGS_denoising_steps, policy.steps);
  policy.projected_clamp = absl::GetFlag(FLAGS_projected_clamp);
}

Subject MakePathwise(const EnvironmentPointer& environment) {
  trainer::PathwiseConfig config;
  Override(config.optimization);
  Override(config.policy);
  return {std::make_unique<trainer::PathwiseTrainer>(config, environment, torch::kCPU), 0, config.optimization.batch};
}

Subject MakeDiffusionCritic(const EnvironmentPointer& environment) {
  trainer::DiffusionCriticConfig config;
  Override(config.optimization);
  Override(config.policy);
  Override(FLAGS_critic_learning_rate, config.critic_learning_rate);
  Override(FLAGS_critic_hidden, config.critic_hidden);
  Override(FLAGS_simulated, config.simulated);
  Override(FLAGS_exploration, config.exploration);
  return {std::make_unique<trainer::DiffusionCriticTrainer>(config, environment, torch::kCPU), config.random_first,
          config.simulated};
}

Subject MakePpo(const EnvironmentPointer& environment) {
  trainer::PpoConfig config;
  Override(config.optimization);
  Override(FLAGS_hidden, config.hidden);
  Override(FLAGS_rollout, config.rollout);
  Override(FLAGS_epochs, config.epochs);
  Override(FLAGS_kl_limit, config.kl_limit);
  Override(FLAGS_initial_deviation, config.initial_deviation);
  return {std::make_unique<trainer::PpoTrainer>(config, environment, torch::kCPU), 0, config.rollout};
}

Subject MakeSac(const EnvironmentPointer& environment) {
  trainer::SacConfig config;
  Override(config.optimization);
  Override(FLAGS_hidden, config.hidden);
  Override(FLAGS_critic_hidden, config.critic_hidden);
  Override(FLAGS_simulated, config.simulated);
  Override(FLAGS_level_entropy, config.level_entropy);
  Override(FLAGS_initial_temperature, config.initial_temperature);
  return {std::make_unique<trainer::SacTrainer>(config, environment, torch::kCPU), config.random_first,
          config.simulated};
}

Subject MakeSupervised(const EnvironmentPointer& environment, const trainer::TargetSource& targets) {
  trainer::SupervisedDiffusionConfig config;
  Override(config.optimization);
  Override(config.policy);
  return {std::make_unique<trainer::SupervisedDiffusionTrainer>(config, environment, targets, torch::kCPU)};
}

EnvironmentPointer EnvironmentFromFlags() {
  contract::MarketDistribution markets;
  markets.types_max = absl::GetFlag(FLAGS_types_max);
  const std::string name = absl::GetFlag(FLAGS_environment);
  const screening::SeenCosts seen =
      absl::GetFlag(FLAGS_virtual_cost_features) ? screening::SeenCosts::kVirtual : screening::SeenCosts::kPlain;
  if (name == "screening") return screening::MakeEnvironment(markets, seen);
  if (name == "screening_raw") return screening::MakeRawEnvironment(markets, screening::kRawPenalty, seen);
  if (name == "power_types") return MakePowerAllocation(PowerLayout::kTypes);
  if (name == "power_vector") return MakePowerAllocation(PowerLayout::kVector);
  return nullptr;
}

Subject SubjectFromFlags(const EnvironmentPointer& environment) {
  const std::string name = absl::GetFlag(FLAGS_algorithm);
  if (name == "pathwise") return MakePathwise(environment);
  if (name == "diffusion_critic") return MakeDiffusionCritic(environment);
  if (name == "ppo") return MakePpo(environment);
  if (name == "sac") return MakeSac(environment);
  // Only the screening market brings targets.
  if (name == "supervised_diffusion" && environment->name() == "screening") {
    return MakeSupervised(environment, screening::ExactLevels);
  }
  if (name == "supervised_diffusion" && environment->name() == "screening_raw") {
    return MakeSupervised(environment, screening::ExactRawLevels);
  }
  return {};
}

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
double CpuNow() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Spent {
  double seconds = 0.0;
  double cpu_seconds = 0.0;
};

void Report(const Subject& subject, const Spent& spent, const trainer::Scalars& metrics,
            const trainer::Validation& validation) {
  const std::int64_t step = subject.algorithm->iteration();
  std::string line =
      absl::StrFormat(R"({"step": %d, "simulated": %d, "seconds": %.2f, "cpu_seconds": %.2f)", step,
                      subject.simulated_first + step * subject.simulated_a_step, spent.seconds, spent.cpu_seconds);
  for (const trainer::Scalars& scalars : {validation.Measure(*subject.algorithm), metrics}) {
    for (const trainer::Scalar& scalar : scalars)
      absl::StrAppendFormat(&line, R"(, "%s": %.6g)", scalar.name, scalar.value);
  }
  std::cout << line << '}' << std::endl;
}

absl::Status Measure(const Subject& subject, const trainer::Validation& validation) {
  Algorithm& algorithm = *subject.algorithm;
  const std::int64_t last =
      absl::GetFlag(FLAGS_stop_after) > 0 ? absl::GetFlag(FLAGS_stop_after) : algorithm.iterations();
  Spent spent;
  while (algorithm.iteration() < last) {
    const bool reports =
        (algorithm.iteration() + 1) % absl::GetFlag(FLAGS_report_every) == 0 || algorithm.iteration() + 1 == last;
    const double start = Now();
    const double cpu_start = CpuNow();
    const absl::StatusOr<trainer::Scalars> metrics = algorithm.Step(reports);
    spent.seconds += Now() - start;
    spent.cpu_seconds += CpuNow() - cpu_start;
    if (!metrics.ok()) return metrics.status();
    if (reports) Report(subject, spent, *metrics, validation);
  }
  return absl::OkStatus();
}

int Run() {
  const EnvironmentPointer environment = EnvironmentFromFlags();
  const Subject subject = environment ? SubjectFromFlags(environment) : Subject{};
  if (!subject.algorithm) {
    std::cerr << "--algorithm and --environment: no such pair; see --help\n";
    return 1;
  }
  const trainer::Validation validation(*environment, absl::GetFlag(FLAGS_held_out), kHeldOutSeed, torch::kCPU);
  std::optional<policy::TensorFormScope> tensor_form;
  if (absl::GetFlag(FLAGS_tensor_form)) tensor_form.emplace();
  const absl::Status status = Measure(subject, validation);
  if (!status.ok()) std::cerr << status.message() << '\n';
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("algorithm_bench --algorithm=NAME --environment=NAME --steps=N --seed=N");
  absl::ParseCommandLine(argc, argv);
  giot::trainer::RetainFreedMemory();
  giot::policy::SetComputeThreads(1);
  return giot::bench::Run();
}
