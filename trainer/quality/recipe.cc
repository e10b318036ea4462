#include "trainer/quality/recipe.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "trainer/quality/dice.h"

namespace giot::trainer {
namespace {

using camera::Distortion;
using quality::Factor;

// Chance that an attack is on the clean image: there must be something to lose.
constexpr double kCleanAttacked = 0.25;
constexpr double kLeastStrength = 0.4;
// Attacks pay where an image is bad enough to be made better, but not past hope.
constexpr double kLeastAttacked = 0.2;
constexpr double kMostAttacked = 0.8;

Factor FactorOf(Distortion distortion) {
  switch (distortion) {
    case Distortion::kGaussianBlur:
    case Distortion::kMotionBlur:
    case Distortion::kDefocus:
    case Distortion::kZoomBlur:
    case Distortion::kLowResolution:
    case Distortion::kGlassBlur:
    case Distortion::kPixelate:
      return Factor::kSharpness;
    case Distortion::kGaussianNoise:
    case Distortion::kShotNoise:
    case Distortion::kImpulseNoise:
    case Distortion::kSpeckleNoise:
      return Factor::kNoise;
    case Distortion::kUnderexposure:
    case Distortion::kOverexposure:
    case Distortion::kLowContrast:
    case Distortion::kColourCast:
      return Factor::kExposure;
    case Distortion::kJpeg:
    case Distortion::kJpeg2000:
      return Factor::kCompression;
    case Distortion::kHaze:
    case Distortion::kRain:
    case Distortion::kSnow:
      return Factor::kVisibility;
    case Distortion::kLensDirt:
    case Distortion::kDroplets:
    case Distortion::kOcclusion:
      return Factor::kOcclusion;
  }
  return Factor::kSharpness;
}

Recipe AttackOn(const std::vector<Recipe>& plan, std::size_t base, camera::Attack attack, double strength) {
  Recipe recipe = plan[base];
  recipe.attack = attack;
  recipe.strength = strength;
  recipe.unattacked = static_cast<int>(base);
  return recipe;
}

}  // namespace

cv::Mat Cook(const Recipe& recipe, const cv::Mat& clean) {
  cv::Mat image = clean;
  std::uint64_t seed = recipe.seed;
  for (const Recipe::Step& step : recipe.steps) image = camera::Distort(image, step.distortion, step.severity, seed++);
  if (recipe.attack) image = camera::ApplyAttack(image, *recipe.attack, recipe.strength, seed);
  return image;
}

std::string KindOf(const Recipe& recipe) {
  if (recipe.steps.empty()) return "clean";
  if (recipe.steps.size() > 1) return "mixture";
  return std::string(camera::NameOf(recipe.steps.front().distortion));
}

std::array<double, quality::kFactors> FactorsOf(const Recipe& recipe) {
  std::array<double, quality::kFactors> factors;
  factors.fill(1.0);
  for (const Recipe::Step& step : recipe.steps) {
    double& factor = factors[static_cast<std::size_t>(FactorOf(step.distortion))];
    factor = std::min(factor, 1.0 - step.severity);
  }
  return factors;
}

std::vector<Recipe> PlanTraining(absl::Span<const Distortion> kinds, const PlanSize& size, std::uint64_t seed) {
  Dice dice(seed);
  std::vector<Recipe> plan(1);
  for (const Distortion kind : kinds) {
    for (int part = 0; part < size.severities; ++part) {
      const double severity = (part + 1 - dice.Uniform()) / size.severities;
      plan.push_back({.steps = {{kind, severity}}, .seed = dice.Seed()});
    }
  }
  for (int i = 0; i < size.mixtures && !kinds.empty(); ++i) {
    const Recipe::Step first{kinds[dice.Below(kinds.size())], dice.Between(0.05, 0.7)};
    const Recipe::Step second{kinds[dice.Below(kinds.size())], dice.Between(0.05, 0.7)};
    plan.push_back({.steps = {first, second}, .seed = dice.Seed()});
  }
  const std::size_t unattacked = plan.size();
  for (int i = 0; i < size.attacks; ++i) {
    const camera::Attack attack = camera::AllAttacks()[static_cast<std::size_t>(i) % camera::kAttacks];
    const std::size_t base = dice.Uniform() < kCleanAttacked ? 0 : dice.Below(unattacked);
    plan.push_back(AttackOn(plan, base, attack, dice.Between(kLeastStrength, 1.0)));
  }
  return plan;
}

std::vector<Recipe> PlanEvaluation(absl::Span<const Distortion> kinds, int levels, int bases, std::uint64_t seed) {
  Dice dice(seed);
  std::vector<Recipe> plan(1);
  std::vector<std::size_t> attackable;
  for (const Distortion kind : kinds) {
    const std::uint64_t seed_of_kind = dice.Seed();
    for (int level = 1; level <= levels; ++level) {
      const double severity = static_cast<double>(level) / levels;
      if (severity >= kLeastAttacked && severity <= kMostAttacked) attackable.push_back(plan.size());
      plan.push_back({.steps = {{kind, severity}}, .seed = seed_of_kind});
    }
  }
  for (int i = 0; i < bases; ++i) {
    const bool is_clean = i == 0 || attackable.empty();
    const std::size_t base = is_clean ? 0 : attackable[dice.Below(attackable.size())];
    for (const camera::Attack attack : camera::AllAttacks()) plan.push_back(AttackOn(plan, base, attack, 1.0));
  }
  return plan;
}

absl::StatusOr<std::vector<Distortion>> KindsWithout(absl::Span<const std::string> excluded) {
  std::vector<Distortion> kinds(camera::AllDistortions().begin(), camera::AllDistortions().end());
  for (const std::string& name : excluded) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](Distortion d) { return camera::NameOf(d) == name; });
    if (kind == kinds.end()) return absl::InvalidArgumentError(absl::StrCat("'", name, "' is no kind of distortion"));
    kinds.erase(kind);
  }
  return kinds;
}

}  // namespace giot::trainer
