#include "trainer/commands/quality_flags.h"

#include <cstdint>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/str_cat.h"
#include "trainer/commands/flag_range.h"

using Strings = std::vector<std::string>;

ABSL_FLAG(std::string, data, "", "quality: folder that --images, --videos and --detector are relative to");
ABSL_FLAG(Strings, images, {}, "quality: folders with clean images, each image a scene");
ABSL_FLAG(Strings, videos, {}, "quality: videos, or folders with videos, each a scene");
ABSL_FLAG(std::string, detector, "", "quality: ONNX file of a vehicle detector, to calibrate labels; empty: none");
ABSL_FLAG(Strings, places, {}, "quality: 'a|b' makes scenes with a or b in their paths one place, and roads");
ABSL_FLAG(Strings, uncalibrated, {}, "quality: parts of paths of scenes that teach, but calibrate nothing");
ABSL_FLAG(Strings, held_out, {}, "quality: parts of paths; such scenes are only measured on");
ABSL_FLAG(Strings, unseen_kinds, {}, "quality: kinds of distortion that are only measured on");
ABSL_FLAG(int, frames_per_video, 10, "quality: frames taken of every video, evenly spread");
ABSL_FLAG(int, training_frames, 3, "quality: of these, frames to train on");
ABSL_FLAG(int, crops, 2, "quality: parts of each photograph and frame to train on besides");
ABSL_FLAG(int, rendered, 0, "quality: rendered roads to train on besides");
ABSL_FLAG(int, severities, 3, "quality: images of each kind of distortion a frame");
ABSL_FLAG(int, mixtures, 10, "quality: images with two distortions a frame");
ABSL_FLAG(int, attacks, 36, "quality: attacked images a frame");
ABSL_FLAG(int, looks, 2, "quality: choices of patches an image");
ABSL_FLAG(double, detector_confidence, 0.4, "quality: of finds that count");
ABSL_FLAG(std::string, samples_file, "", "quality: keeps what was measured of images; read if there");
ABSL_FLAG(int, epochs, giot::trainer::NetworkSettings().epochs, "quality: epochs of training");
ABSL_FLAG(std::uint64_t, quality_seed, 1, "quality: seed of distortions, weights and order");
ABSL_FLAG(std::string, provenance, "", "quality: for the model card, where the images are from, with licences");

namespace giot::trainer {
namespace {

// Of this machine, or of no influence on the model.
bool IsLocal(absl::string_view flag) { return flag == "data" || flag == "samples_file" || flag == "provenance"; }

}  // namespace

absl::StatusOr<DataSettings> DataSettingsFromFlags() {
  FlagRange check;
  check.Within("frames_per_video", absl::GetFlag(FLAGS_frames_per_video), 1, 1000);
  check.Within("training_frames", absl::GetFlag(FLAGS_training_frames), 1, 1000);
  check.Within("crops", absl::GetFlag(FLAGS_crops), 0, 100);
  check.Within("rendered", absl::GetFlag(FLAGS_rendered), 0, 1e6);
  check.Within("severities", absl::GetFlag(FLAGS_severities), 1, 100);
  check.Within("mixtures", absl::GetFlag(FLAGS_mixtures), 0, 1000);
  check.Within("attacks", absl::GetFlag(FLAGS_attacks), 0, 1000);
  check.Within("looks", absl::GetFlag(FLAGS_looks), 1, 100);
  check.Within("detector_confidence", absl::GetFlag(FLAGS_detector_confidence), 0, 1);
  if (!check.status().ok()) return check.status();
  DataSettings settings;
  settings.sources.root = absl::GetFlag(FLAGS_data);
  settings.sources.images = absl::GetFlag(FLAGS_images);
  settings.sources.videos = absl::GetFlag(FLAGS_videos);
  settings.sources.places = absl::GetFlag(FLAGS_places);
  settings.sources.uncalibrated = absl::GetFlag(FLAGS_uncalibrated);
  settings.sources.frames_per_video = absl::GetFlag(FLAGS_frames_per_video);
  settings.sources.rendered = absl::GetFlag(FLAGS_rendered);
  settings.detector = absl::GetFlag(FLAGS_detector);
  settings.confidence = absl::GetFlag(FLAGS_detector_confidence);
  settings.held_out = absl::GetFlag(FLAGS_held_out);
  settings.unseen_kinds = absl::GetFlag(FLAGS_unseen_kinds);
  settings.training_frames = absl::GetFlag(FLAGS_training_frames);
  settings.crops = absl::GetFlag(FLAGS_crops);
  settings.plan.severities = absl::GetFlag(FLAGS_severities);
  settings.plan.mixtures = absl::GetFlag(FLAGS_mixtures);
  settings.plan.attacks = absl::GetFlag(FLAGS_attacks);
  settings.looks = absl::GetFlag(FLAGS_looks);
  settings.seed = absl::GetFlag(FLAGS_quality_seed);
  settings.samples_file = absl::GetFlag(FLAGS_samples_file);
  return settings;
}

absl::StatusOr<TrainingOptions> QualityTrainingFromFlags() {
  FlagRange check;
  check.Within("epochs", absl::GetFlag(FLAGS_epochs), 1, 1e6);
  if (!check.status().ok()) return check.status();
  TrainingOptions options;
  options.network.epochs = absl::GetFlag(FLAGS_epochs);
  options.seed = absl::GetFlag(FLAGS_quality_seed);
  return options;
}

std::string ProvenanceFromFlags() { return absl::GetFlag(FLAGS_provenance); }

std::string QualityCommandLine() {
  std::string line = "giot-trainer quality";
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    const bool is_ours = flag->Help().find("quality: ") == 0;
    if (!is_ours || IsLocal(name) || flag->CurrentValue() == flag->DefaultValue()) continue;
    absl::StrAppend(&line, " --", name, "='", flag->CurrentValue(), "'");
  }
  return line;
}

}  // namespace giot::trainer
