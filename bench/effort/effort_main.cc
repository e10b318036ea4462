// How severe a distortion may be for an image to be worth what was agreed on, over
// rendered scenes, and what a scorer with another nonce then says. Prints the
// Markdown table of docs/fleet.md.
//
//   effort_bench --quality_model=models/released/quality/1 [--scenes=24] [--seed=1]
#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_format.h"
#include "client/effort.h"
#include "client/quantile.h"
#include "models/camera/scene.h"
#include "models/quality/decoder_limits.h"
#include "models/quality/quality_model.h"
#include "models/quality/sensing_score.h"

ABSL_FLAG(std::string, quality_model, "models/released/quality/1", "bundle of the scorer");
ABSL_FLAG(int, scenes, 24, "rendered scenes");
ABSL_FLAG(std::uint64_t, seed, 1, "of the scenes");

namespace giot {
namespace {

constexpr std::array kAgreed = {0.2, 0.4, 0.6, 0.8, 0.95};
constexpr int kJpegQuality = 95;
constexpr int kSavings = 6;

// A cell of the table, over scenes.
struct Cell {
  std::vector<double> severities;
  std::vector<double> differences;  // Of the other scorer's quality from what was agreed.
};

std::string Encode(const cv::Mat& image) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, kJpegQuality});
  return {bytes.begin(), bytes.end()};
}

double Score(const quality::QualityModel& model, const cv::Mat& image, std::string_view nonce) {
  const std::string bytes = Encode(image);
  const auto score = quality::ScoreImage(model, bytes, {}, {}, nonce, {});
  return score.ok() ? score->quality : 0.0;
}

cv::Mat Scene(int number) {
  camera::SceneOptions scene;
  scene.seed = absl::GetFlag(FLAGS_seed) * 1000 + static_cast<std::uint64_t>(number);
  scene.weather = number % 2 == 0 ? camera::Weather::kClear : camera::Weather::kOvercast;
  scene.hour = 9.0 + number % 9;
  return camera::RenderScene(scene, 0.0).image;
}

Cell Measure(const quality::QualityModel& model, const std::vector<cv::Mat>& scenes, camera::Distortion saving,
             double agreed) {
  Cell cell;
  for (std::size_t s = 0; s < scenes.size(); ++s) {
    const auto own = [&model](const cv::Mat& image) { return Score(model, image, "the vehicle's"); };
    const client::Effort effort = client::SpendEffort(scenes[s], saving, s, agreed, own);
    cell.severities.push_back(effort.severity);
    cell.differences.push_back(Score(model, effort.image, "the server's") - agreed);
  }
  return cell;
}

void Print(const quality::QualityModel& model, const std::vector<cv::Mat>& scenes) {
  std::cout << "| saving |";
  for (const double agreed : kAgreed) std::cout << absl::StrFormat(" %.2f |", agreed);
  std::cout << "\n|---|---|---|---|---|---|\n";
  for (int number = 0; number < kSavings; ++number) {
    const camera::Distortion saving = client::PickSaving(static_cast<std::uint64_t>(number));
    std::cout << "| " << camera::NameOf(saving) << " |";
    for (const double agreed : kAgreed) {
      const Cell cell = Measure(model, scenes, saving, agreed);
      std::cout << absl::StrFormat(" %.2f (%+.3f, %+.3f to %+.3f) |", client::Quantile(cell.severities, 0.5),
                                   client::Quantile(cell.differences, 0.5), client::Quantile(cell.differences, 0.05),
                                   client::Quantile(cell.differences, 0.95))
                << std::flush;
    }
    std::cout << '\n';
  }
}

int Main() {
  const auto model = quality::LoadQualityModel(absl::GetFlag(FLAGS_quality_model));
  if (!model.ok()) {
    std::cerr << "effort_bench: " << model.status() << '\n';
    return 1;
  }
  std::vector<cv::Mat> scenes;
  for (int s = 0; s < absl::GetFlag(FLAGS_scenes); ++s) scenes.push_back(Scene(s));
  Print(*model, scenes);
  return 0;
}

}  // namespace
}  // namespace giot

int main(int argc, char** argv) {
  giot::quality::LimitDecoders(argv);
  absl::SetProgramUsageMessage("how severe a distortion may be for what was agreed on");
  absl::ParseCommandLine(argc, argv);
  return giot::Main();
}
