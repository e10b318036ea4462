#include "trainer/quality/sample.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::trainer {
namespace {

// Labels are about what is to be seen, which more pixels than these add little to.
constexpr int kLabelWidth = 960;
constexpr int kLabelHeight = 540;

cv::Mat ForLabel(const cv::Mat& image) { return ShrinkInto(image, kLabelWidth, kLabelHeight); }

}  // namespace

FrameMeter::FrameMeter(const cv::Mat& clean, const MeasureOptions& options)
    : options_(options), clean_(ForLabel(clean)) {
  if (options.detector != nullptr) sight_ = options.detector->Look(clean, options.confidence);
}

void FrameMeter::Measure(const cv::Mat& image, std::uint64_t patch_seed, Sample& sample) const {
  sample.parts = clean_.Compare(ForLabel(image));
  if (options_.detector != nullptr) {
    const detection::Sight sight = options_.detector->Look(image, options_.confidence);
    sample.parts[static_cast<std::size_t>(Part::kResponses)] = detection::Likeness(sight, sight_);
    sample.found = detection::MatchF1(sight.vehicles, sight_.vehicles);
  }
  for (int look = 0; look < options_.looks; ++look) {
    sample.looks.push_back(quality::ComputeFeaturePair(image, patch_seed++));
  }
}

std::vector<Sample> PlanSamples(const std::vector<Scene>& scenes, const std::vector<int>& indices,
                                const std::function<std::vector<Recipe>(std::uint64_t seed)>& plan) {
  std::vector<Sample> samples;
  for (const int scene : indices) {
    const auto frames = static_cast<int>(scenes[static_cast<std::size_t>(scene)].frames.size());
    for (int frame = 0; frame < frames; ++frame) {
      const auto first = static_cast<int>(samples.size());
      const auto seed = (static_cast<std::uint64_t>(scene) << 32) + static_cast<std::uint64_t>(frame);
      for (Recipe& recipe : plan(seed)) {
        if (recipe.attack) recipe.unattacked += first;
        samples.push_back({.scene = scene, .frame = frame, .recipe = std::move(recipe)});
      }
    }
  }
  return samples;
}

absl::Status Measure(const std::vector<Scene>& scenes, const MeasureOptions& options, std::vector<Sample>& samples) {
  const cv::Mat* metered = nullptr;
  std::unique_ptr<FrameMeter> meter;
  try {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const Scene& scene = scenes[static_cast<std::size_t>(samples[i].scene)];
      const cv::Mat& frame = scene.frames[static_cast<std::size_t>(samples[i].frame)];
      if (metered != &frame) meter = std::make_unique<FrameMeter>(frame, options);
      metered = &frame;
      meter->Measure(Cook(samples[i].recipe, frame), static_cast<std::uint64_t>(i) << 8, samples[i]);
      if (options.progress) options.progress(i + 1);
    }
  } catch (const cv::Exception& failure) {
    return absl::InternalError(absl::StrCat("images: ", failure.what()));
  }
  return absl::OkStatus();
}

}  // namespace giot::trainer
