// How severe a distortion may be for an image to be worth what was agreed on, over rendered scenes or frames of a
// video, what scorers with other nonces then say, and how many of them pay. Prints the Markdown table of docs/fleet.md.
//
//   effort_bench --quality_model=models/released/quality/1 [--video=FILE] [--frames=24] [--seed=1]
#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/effort.h"
#include "client/frame_encoding.h"
#include "client/own_scorer.h"
#include "client/quantile.h"
#include "client/sensing_fleet.h"
#include "models/camera/image_source.h"
#include "models/camera/scene.h"
#include "models/quality/decoder_limits.h"
#include "models/quality/quality_model.h"
#include "models/quality/sensing_score.h"

ABSL_FLAG(std::string, quality_model, "models/released/quality/1", "bundle of the scorer");
ABSL_FLAG(std::string, video, "", "file whose frames are distorted, one every two seconds; rendered scenes if empty");
ABSL_FLAG(int, frames, 24, "frames");
ABSL_FLAG(std::uint64_t, seed, 1, "of rendered scenes");

namespace giot {
namespace {

constexpr std::array kAgreed = {0.2, 0.4, 0.6, 0.8, 0.95};
constexpr int kSavings = 6;
constexpr int kServers = 4;  // Nonces that an image is scored with.
constexpr double kSecondsApart = 2.0;

// A cell of the table: the frames that are worth what was agreed on.
struct Cell {
  std::vector<double> severities;
  std::vector<double> differences;  // Of servers' qualities from what was agreed.
};

struct Paid {
  int paid = 0;
  int scored = 0;
};

cv::Mat RenderedFrame(int number) {
  camera::SceneOptions scene;
  scene.seed = absl::GetFlag(FLAGS_seed) * 1000 + static_cast<std::uint64_t>(number);
  scene.weather = number % 2 == 0 ? camera::Weather::kClear : camera::Weather::kOvercast;
  scene.hour = 9.0 + number % 9;
  return camera::RenderScene(scene, 0.0).image;
}

absl::StatusOr<std::vector<cv::Mat>> Frames() {
  std::unique_ptr<camera::ImageSource> video;
  if (!absl::GetFlag(FLAGS_video).empty()) {
    auto opened = camera::VideoSource(absl::GetFlag(FLAGS_video));
    if (!opened.ok()) return opened.status();
    video = *std::move(opened);
  }
  std::vector<cv::Mat> frames;
  for (int number = 0; number < absl::GetFlag(FLAGS_frames); ++number) {
    if (!video) {
      frames.push_back(RenderedFrame(number));
      continue;
    }
    const auto frame = video->Next(kSecondsApart * number);
    if (!frame.ok()) return frame.status();
    frames.push_back(frame->image.clone());
  }
  return frames;
}

double ServersQuality(const quality::QualityModel& model, const cv::Mat& image, int server) {
  const absl::StatusOr<std::string> jpeg = client::EncodeFrame(image);
  if (!jpeg.ok()) return 0.0;
  quality::Requirements requirements;
  requirements.width = image.cols;
  requirements.height = image.rows;
  const auto score = quality::ScoreImage(model, *jpeg, {}, requirements, absl::StrCat("a server's nonce ", server), {});
  return score.ok() ? score->quality : 0.0;
}

Cell Measure(const quality::QualityModel& model, const std::vector<cv::Mat>& frames, camera::Distortion saving,
             double agreed) {
  Cell cell;
  for (std::size_t f = 0; f < frames.size(); ++f) {
    client::OwnScorer scorer(model, frames[f].size(), client::kAllowance);
    if (scorer.SureQuality(frames[f]) < agreed) continue;
    const auto own = [&](const cv::Mat& image) { return scorer.SureQualityNear(image, agreed); };
    const client::Effort effort = client::SpendEffort(frames[f], saving, f, agreed, own);
    cell.severities.push_back(effort.severity);
    for (int server = 0; server < kServers; ++server) {
      cell.differences.push_back(ServersQuality(model, effort.image, server) - agreed);
    }
  }
  return cell;
}

void PrintCell(const Cell& cell) {
  std::cout << absl::StrFormat(" %.2f (%+.3f, %+.3f to %+.3f) |", client::Quantile(cell.severities, 0.5),
                               client::Quantile(cell.differences, 0.5), client::Quantile(cell.differences, 0.05),
                               client::Quantile(cell.differences, 0.95))
            << std::flush;
}

void Print(const quality::QualityModel& model, const std::vector<cv::Mat>& frames) {
  std::cout << "| saving |";
  for (const double agreed : kAgreed) std::cout << absl::StrFormat(" %.2f |", agreed);
  std::cout << "\n|---|---|---|---|---|---|\n";
  std::array<Paid, kAgreed.size()> paid;
  std::array<std::size_t, kAgreed.size()> within_reach{};
  for (int number = 0; number < kSavings; ++number) {
    const camera::Distortion saving = client::PickSaving(static_cast<std::uint64_t>(number));
    std::cout << "| " << camera::NameOf(saving) << " |";
    for (std::size_t a = 0; a < kAgreed.size(); ++a) {
      const Cell cell = Measure(model, frames, saving, kAgreed[a]);
      PrintCell(cell);
      within_reach[a] = cell.severities.size();
      for (const double difference : cell.differences) {
        ++paid[a].scored;
        if (difference + client::kAllowance >= 0.0) ++paid[a].paid;
      }
    }
    std::cout << '\n';
  }
  std::cout << "| frames within reach |";
  for (const std::size_t count : within_reach) std::cout << absl::StrFormat(" %d of %d |", count, frames.size());
  std::cout << "\n| paid |";
  for (const auto& [count, scored] : paid) {
    std::cout << (scored == 0 ? " |" : absl::StrFormat(" %.1f %% |", 100.0 * count / scored));
  }
  std::cout << '\n';
}

int Main() {
  const auto model = quality::LoadQualityModel(absl::GetFlag(FLAGS_quality_model));
  const auto frames = Frames();
  for (const absl::Status& status : {model.status(), frames.status()}) {
    if (status.ok()) continue;
    std::cerr << "effort_bench: " << status << '\n';
    return 1;
  }
  Print(*model, *frames);
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
