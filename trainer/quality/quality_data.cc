#include "trainer/quality/quality_data.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "trainer/quality/sample_file.h"

namespace giot::trainer {
namespace {

constexpr std::size_t kNoteEvery = 500;

// Everything that samples follow from, for their file.
std::string OriginOf(const DataSettings& settings) {
  const SceneSources& sources = settings.sources;
  return absl::StrCat("images=", absl::StrJoin(sources.images, ","), " videos=", absl::StrJoin(sources.videos, ","),
                      " frames=", sources.frames_per_video, " rendered=", sources.rendered, " size=", sources.width,
                      "x", sources.height, " held_out=", absl::StrJoin(settings.held_out, ","),
                      " unseen=", absl::StrJoin(settings.unseen_kinds, ","), " detector=", settings.detector,
                      " confidence=", settings.confidence, " severities=", settings.plan.severities,
                      " mixtures=", settings.plan.mixtures, " attacks=", settings.plan.attacks,
                      " training_frames=", settings.training_frames, " crops=", settings.crops,
                      " levels=", settings.levels, " bases=", settings.bases, " looks=", settings.looks,
                      " seed=", settings.seed);
}

// Reads the samples' measurements from the file if there is one, else measures and writes them.
absl::Status Fill(const DataSettings& settings, const std::string& path, const std::vector<Scene>& scenes,
                  const MeasureOptions& options, std::vector<Sample>& samples) {
  if (!path.empty() && std::filesystem::exists(path)) return ReadSamples(path, OriginOf(settings), samples);
  if (absl::Status status = Measure(scenes, options, samples); !status.ok()) return status;
  return path.empty() ? absl::OkStatus() : WriteSamples(path, OriginOf(settings), samples);
}

// Leaves at most `count` frames, evenly spread.
void KeepFrames(int count, Scene& scene) {
  const std::vector<cv::Mat> frames = std::move(scene.frames);
  const auto size = static_cast<int>(frames.size());
  count = std::min(count, size);
  scene.frames.clear();
  for (int i = 0; i < count; ++i)
    scene.frames.push_back(frames[static_cast<std::size_t>((2 * i + 1) * size / (2 * count))]);
}

}  // namespace

std::vector<int> ScenesThat(const std::vector<Scene>& scenes, const std::vector<std::string>& held_out, bool are) {
  std::vector<int> indices;
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const bool is = std::any_of(held_out.begin(), held_out.end(),
                                [&](const std::string& part) { return absl::StrContains(scenes[i].name, part); });
    if (is == are) indices.push_back(static_cast<int>(i));
  }
  return indices;
}

std::vector<Sample> PlanHeldOut(const std::vector<Scene>& scenes, const std::vector<int>& indices,
                                const DataSettings& settings) {
  return PlanSamples(scenes, indices, [&](std::uint64_t frame) {
    return PlanEvaluation(camera::AllDistortions(), settings.levels, settings.bases, settings.seed + (frame << 8));
  });
}

absl::StatusOr<QualityData> PrepareQualityData(const DataSettings& settings,
                                               const std::function<void(const std::string&)>& note) {
  const absl::StatusOr<std::vector<camera::Distortion>> trained = KindsWithout(settings.unseen_kinds);
  if (!trained.ok()) return trained.status();
  std::optional<detection::VehicleDetector> detector;
  if (!settings.detector.empty()) {
    absl::StatusOr<detection::VehicleDetector> loaded =
        detection::VehicleDetector::Load(std::filesystem::path(settings.sources.root) / settings.detector);
    if (!loaded.ok()) return loaded.status();
    detector.emplace(*std::move(loaded));
  }
  absl::StatusOr<std::vector<Scene>> scenes = LoadScenes(settings.sources);
  if (!scenes.ok()) return scenes.status();

  QualityData data;
  data.scenes = *std::move(scenes);
  const std::vector<int> learn = ScenesThat(data.scenes, settings.held_out, false);
  if (learn.empty()) return absl::InvalidArgumentError("held_out: leaves no scene to train on");
  for (const int index : learn) {
    Scene& scene = data.scenes[static_cast<std::size_t>(index)];
    KeepFrames(settings.training_frames, scene);
    if (!scene.is_rendered) AddCrops(settings.crops, settings.seed + static_cast<std::uint64_t>(index), scene);
  }
  data.training = PlanSamples(data.scenes, learn, [&](std::uint64_t frame) {
    return PlanTraining(*trained, settings.plan, settings.seed + (frame << 8));
  });
  data.held_out = PlanHeldOut(data.scenes, ScenesThat(data.scenes, settings.held_out, true), settings);
  MeasureOptions options{.detector = detector ? &*detector : nullptr,
                         .confidence = settings.confidence,
                         .looks = settings.looks,
                         .progress = [&](std::size_t done) {
                           if (note && done % kNoteEvery == 0) note(absl::StrCat(done, " images measured"));
                         }};
  absl::Status status = Fill(settings, settings.samples_file, data.scenes, options, data.training);
  if (!status.ok()) return status;
  const std::string held_out_file = settings.samples_file.empty() ? "" : settings.samples_file + ".held_out";
  options.looks = 1;
  status = Fill(settings, held_out_file, data.scenes, options, data.held_out);
  if (!status.ok()) return status;
  return data;
}

}  // namespace giot::trainer
