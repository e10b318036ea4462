#include "trainer/commands/algorithm_factory.h"

#include "absl/strings/str_cat.h"
#include "models/freshness/tensors/searched_levels.h"
#include "models/screening/tensors/exact_levels.h"
#include "trainer/learning/diffusion_critic.h"
#include "trainer/learning/pathwise.h"
#include "trainer/learning/ppo.h"
#include "trainer/learning/sac.h"
#include "trainer/learning/supervised_diffusion.h"

namespace giot::trainer {
namespace {

std::unique_ptr<Algorithm> MakeCritic(const TrainingSettings& settings, torch::Device device) {
  DiffusionCriticConfig config;
  config.policy = settings.policy;
  config.optimization = settings.optimization;
  config.critic_learning_rate = 2.0 * settings.optimization.learning_rate;
  return std::make_unique<DiffusionCriticTrainer>(config, settings.environment, device);
}

absl::StatusOr<std::unique_ptr<Algorithm>> MakePpo(const TrainingSettings& settings, torch::Device device) {
  PpoConfig config;
  config.optimization = settings.optimization;
  config.hidden = settings.policy.hidden;
  if (config.rollout % config.optimization.batch != 0) {
    return absl::InvalidArgumentError(absl::StrCat("--batch: got ", config.optimization.batch,
                                                   ", ppo wants a divisor of ", config.rollout,
                                                   ", the markets of a rollout"));
  }
  return std::make_unique<PpoTrainer>(config, settings.environment, device);
}

std::unique_ptr<Algorithm> MakeSac(const TrainingSettings& settings, torch::Device device) {
  SacConfig config;
  config.optimization = settings.optimization;
  config.hidden = settings.policy.hidden;
  return std::make_unique<SacTrainer>(config, settings.environment, device);
}

// Whatever solves the markets of a family; null for a family without.
TargetSource TargetsOf(const std::string& market) {
  if (market == "screening") return screening::ExactLevels;
  if (market == "screening_raw") return screening::ExactRawLevels;
  if (market == "freshness") return freshness::SearchedLevels;
  return nullptr;
}

absl::StatusOr<std::unique_ptr<Algorithm>> MakeSupervised(const TrainingSettings& settings, torch::Device device) {
  const TargetSource targets = TargetsOf(settings.environment->name());
  if (!targets) {
    return absl::InvalidArgumentError(
        absl::StrCat("--algorithm=supervised: wants --market=screening, screening_raw or freshness, whose markets are "
                     "solved or searched; got ",
                     settings.environment->name()));
  }
  SupervisedDiffusionConfig config;
  config.policy = settings.policy;
  config.optimization = settings.optimization;
  config.pool = settings.pool;
  return std::make_unique<SupervisedDiffusionTrainer>(config, settings.environment, targets, device);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Algorithm>> MakeAlgorithm(const TrainingSettings& settings, torch::Device device,
                                                         Communicator& communicator) {
  if (communicator.size() > 1 && settings.algorithm != AlgorithmName::kPathwise) {
    return absl::InvalidArgumentError("--algorithm: several processes train pathwise only");
  }
  switch (settings.algorithm) {
    case AlgorithmName::kPathwise:
      return std::make_unique<PathwiseTrainer>(
          PathwiseConfig{settings.policy, settings.optimization, settings.cuda_graph}, settings.environment, device,
          &communicator);
    case AlgorithmName::kCritic:
      return MakeCritic(settings, device);
    case AlgorithmName::kPpo:
      return MakePpo(settings, device);
    case AlgorithmName::kSac:
      return MakeSac(settings, device);
    case AlgorithmName::kSupervised:
      return MakeSupervised(settings, device);
  }
  return absl::InternalError("unknown algorithm");
}

}  // namespace giot::trainer
