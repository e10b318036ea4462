#include "bench/quality/example_strip.h"

#include <array>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "models/camera/attack.h"
#include "models/camera/distortion.h"
#include "models/camera/scene.h"
#include "models/quality/smoothing.h"
#include "trainer/quality/quality_training.h"
#include "trainer/quality/recipe.h"

namespace giot::bench {
namespace {

using camera::Attack;
using camera::Distortion;

constexpr std::uint64_t kSeed = 6;
const cv::Size kShown(320, 180);
constexpr int kTextHeight = 44;
constexpr int kColumns = 4;

struct Example {
  std::string name;
  trainer::Recipe recipe;
};

Example Distorted(Distortion distortion, double severity, std::optional<Attack> attack = std::nullopt) {
  Example example{std::string(camera::NameOf(distortion)), {}};
  example.recipe.steps = {{distortion, severity}};
  example.recipe.seed = kSeed;
  example.recipe.attack = attack;
  example.recipe.strength = attack ? 1.0 : 0.0;
  if (attack) absl::StrAppend(&example.name, " + ", std::string(camera::NameOf(*attack)));
  return example;
}

std::vector<Example> Examples() {
  return {{"clean", {}},
          Distorted(Distortion::kGaussianBlur, 0.4),
          Distorted(Distortion::kGaussianBlur, 0.4, Attack::kFineGrain),
          Distorted(Distortion::kGaussianBlur, 0.4, Attack::kStrongSharpen),
          Distorted(Distortion::kGaussianNoise, 0.5),
          Distorted(Distortion::kHaze, 0.6),
          Distorted(Distortion::kLensDirt, 0.7),
          Distorted(Distortion::kUnderexposure, 0.7)};
}

cv::Mat Panel(const cv::Mat& image, const std::string& name, double score, double brisque) {
  cv::Mat panel(kShown.height + kTextHeight, kShown.width, CV_8UC3, cv::Scalar::all(255));
  cv::resize(image, panel(cv::Rect(cv::Point(), kShown)), kShown, 0, 0, cv::INTER_AREA);
  const auto write = [&](const std::string& text, int line) {
    cv::putText(panel, text, {6, kShown.height + 18 * line}, cv::FONT_HERSHEY_SIMPLEX, 0.45, cv::Scalar::all(0), 1,
                cv::LINE_AA);
  };
  write(name, 1);
  write(absl::StrFormat("score %.2f   1 - BRISQUE/100 %.2f", score, brisque), 2);
  return panel;
}

}  // namespace

absl::Status DrawExamples(const quality::QualityModel& model, const Rivals& rivals, const std::filesystem::path& png) {
  camera::SceneOptions options;
  options.seed = kSeed;
  const cv::Mat clean = camera::RenderScene(options, 12.0).image;
  std::vector<cv::Mat> rows;
  std::vector<cv::Mat> row;
  for (const Example& example : Examples()) {
    const cv::Mat image = trainer::Cook(example.recipe, clean);
    const double raw = trainer::GuardedUsefulness(model, quality::ComputeFeaturePair(image, kSeed));
    row.push_back(Panel(image, example.name, quality::Calibrate(model, raw), rivals.Brisque(image)));
    if (row.size() < kColumns) continue;
    cv::hconcat(row, rows.emplace_back());
    row.clear();
  }
  cv::Mat strip;
  cv::vconcat(rows, strip);
  if (cv::imwrite(png.string(), strip)) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", png.string()));
}

}  // namespace giot::bench
