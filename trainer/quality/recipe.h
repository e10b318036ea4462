#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "models/camera/attack.h"
#include "models/camera/distortion.h"
#include "models/quality/quality_model.h"

namespace giot::trainer {

// What is done to a clean image, in this order; nothing by default.
struct Recipe {
  struct Step {
    camera::Distortion distortion{};
    double severity = 0.0;  // (0, 1]
  };
  std::vector<Step> steps;
  std::optional<camera::Attack> attack = std::nullopt;
  double strength = 0.0;  // Of the attack, (0, 1].
  std::uint64_t seed = 0;
  // Of the recipe that is the same but for the attack, in the plan that both are of; -1 without an attack.
  int unattacked = -1;
};

cv::Mat Cook(const Recipe& recipe, const cv::Mat& clean);

// "clean", the name of the one distortion, or "mixture".
std::string KindOf(const Recipe& recipe);

// 1 - severity where a distortion touches a factor, 1 elsewhere.
std::array<double, quality::kFactors> FactorsOf(const Recipe& recipe);

// How many recipes a plan has for one image.
struct PlanSize {
  int severities = 3;  // For each kind; drawn one from each of so many equal parts of (0, 1].
  int mixtures = 10;   // Of two kinds.
  int attacks = 36;    // Each of a random strength in [.4, 1] on a random earlier recipe, all kinds in turn.
};

// Recipes to learn from, for one image: the clean image first. Every image needs its own seed.
std::vector<Recipe> PlanTraining(absl::Span<const camera::Distortion> kinds, const PlanSize& size, std::uint64_t seed);

// Recipes to measure by: the clean image, every kind at severities 1/levels .. 1 that are alike but for these, then
// every attack in full strength on `bases` of all that.
std::vector<Recipe> PlanEvaluation(absl::Span<const camera::Distortion> kinds, int levels, int bases,
                                   std::uint64_t seed);

// Those in AllDistortions() whose names are not in `excluded`. InvalidArgument for a name that is none.
absl::StatusOr<std::vector<camera::Distortion>> KindsWithout(absl::Span<const std::string> excluded);

}  // namespace giot::trainer
