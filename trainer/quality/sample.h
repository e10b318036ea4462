#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "models/detection/vehicle_detector.h"
#include "models/quality/smoothing.h"
#include "trainer/quality/recipe.h"
#include "trainer/quality/scenes.h"
#include "trainer/quality/usefulness_parts.h"

namespace giot::trainer {

// One image made from a clean one, and what was measured of it.
struct Sample {
  int scene = 0;
  int frame = 0;  // Of the scene.
  Recipe recipe;  // Its `unattacked` counts samples.
  Parts parts{};  // Of both images shrunk into 960x540.
  // F1 of the vehicles found, against those found on the clean image; nullopt where that shows none, or no detector
  // was given.
  std::optional<double> found = std::nullopt;
  std::vector<quality::FeaturePair> looks{};  // At several choices of patches.
};

struct MeasureOptions {
  detection::VehicleDetector* detector = nullptr;  // Nullptr: no F1, and no responses.
  double confidence = 0.4;                         // Of finds that count.
  int looks = 1;
  std::function<void(std::size_t done)> progress;  // After every image; may be empty.
};

// Samples without measurements: the recipes of `plan` for every frame of the scenes with these indices, in order.
// `plan` gets a number that is another for every frame.
std::vector<Sample> PlanSamples(const std::vector<Scene>& scenes, const std::vector<int>& indices,
                                const std::function<std::vector<Recipe>(std::uint64_t seed)>& plan);

// A clean frame, ready to measure what was made from it.
class FrameMeter {
 public:
  FrameMeter(const cv::Mat& clean, const MeasureOptions& options);

  // Fills in everything but where the sample is from. `image` is of the frame's size.
  void Measure(const cv::Mat& image, std::uint64_t patch_seed, Sample& sample) const;

 private:
  MeasureOptions options_;
  CleanImage clean_;
  detection::Sight sight_;  // Empty without a detector.
};

// Makes every sample's image and measures it. Samples of a frame must stand together. Internal if OpenCV fails.
absl::Status Measure(const std::vector<Scene>& scenes, const MeasureOptions& options, std::vector<Sample>& samples);

}  // namespace giot::trainer
