#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "trainer/quality/recipe.h"
#include "trainer/quality/sample.h"
#include "trainer/quality/scenes.h"

namespace giot::trainer {

// Which images a model is trained and measured on.
struct DataSettings {
  SceneSources sources;
  std::string detector;                   // ONNX file, see detection::VehicleDetector; empty: none.
  double confidence = 0.4;                // Of finds that count.
  std::vector<std::string> held_out;      // Scenes whose names contain one of these are only measured on.
  std::vector<std::string> unseen_kinds;  // Names of distortions that are only measured on.
  int training_frames = 3;                // Of a video; more of them are near-copies.
  int crops = 2;                          // Of each photograph and frame to train on; see AddCrops.
  PlanSize plan;
  int levels = 5;  // Of severity, in measuring.
  int bases = 4;   // Images of each frame that every attack is tried on, in measuring.
  int looks = 2;   // Choices of patches an image, in training.
  std::uint64_t seed = 1;
  std::string samples_file;  // Keeps what was measured, in this file and in <this>.held_out; empty: measure anew.
};

struct QualityData {
  std::vector<Scene> scenes;
  std::vector<Sample> training;
  std::vector<Sample> held_out;
};

// Indices of the scenes that are held out, or that are not.
std::vector<int> ScenesThat(const std::vector<Scene>& scenes, const std::vector<std::string>& held_out, bool are);

// The samples that the scenes with these indices are measured by: all kinds of distortion, and attacks.
std::vector<Sample> PlanHeldOut(const std::vector<Scene>& scenes, const std::vector<int>& indices,
                                const DataSettings& settings);

// Loads scenes and measures samples, or reads what was measured before. `note` hears of progress and may be empty.
// Errors: those of LoadScenes, detection::VehicleDetector::Load and ReadSamples; InvalidArgument for an unknown kind or
// where no scene is left to train on.
absl::StatusOr<QualityData> PrepareQualityData(const DataSettings& settings,
                                               const std::function<void(const std::string&)>& note);

}  // namespace giot::trainer
