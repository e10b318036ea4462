// Measures a quality model beside BRISQUE and NIQE on images that it was not trained on; bench/quality/run reports.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <opencv2/core/utility.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bench/quality/example_strip.h"
#include "bench/quality/label_weights.h"
#include "bench/quality/rivals.h"
#include "bench/quality/scored_image.h"
#include "bench/quality/speed.h"
#include "models/camera/attack.h"
#include "trainer/commands/quality_flags.h"
#include "trainer/quality/judgement.h"

ABSL_FLAG(std::string, bundle, "", "folder of the quality model");
ABSL_FLAG(std::string, out, "", "folder for images, results and the example strip");
ABSL_FLAG(std::string, brisque, "/usr/share/opencv4/quality", "folder with BRISQUE's model and range");
ABSL_FLAG(std::string, pristine, "kodak", "part of the paths of the photographs that NIQE is fitted to");
ABSL_FLAG(std::vector<std::string>, parts,
          std::vector<std::string>({"road", "corruptions", "rendered", "examples", "speed"}),
          "what to measure; the rest stays as results.json in --out has it");
ABSL_FLAG(int, rendered_scenes, 8, "rendered roads to measure on, none of which was trained on");
ABSL_FLAG(int, speed_repeats, 15, "times that speed is measured on each of four images");

namespace giot::bench {
namespace {

using nlohmann::json;
using trainer::Estimate;
using trainer::JudgedImage;
using trainer::Judgement;

json ToJson(const Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.interval.low}, {"high", estimate.interval.high}};
}

json ToJson(const Judgement& judgement) {
  json attacks;
  for (std::size_t i = 0; i < camera::kAttacks; ++i) {
    attacks[std::string(camera::NameOf(camera::AllAttacks()[i]))] = judgement.attack_gains[i];
  }
  return {{"usefulness", ToJson(judgement.usefulness)},
          {"found", ToJson(judgement.found)},
          {"found_means", ToJson(judgement.found_means)},
          {"ordered_pairs", judgement.ordered_pairs},
          {"attack_gains", attacks},
          {"best_attack_gain", judgement.best_attack_gain},
          {"share_gaining", judgement.share_gaining}};
}

struct Metric {
  std::string name;
  std::function<double(const ScoredImage&)> of;
};

std::vector<Metric> Metrics() {
  return {{"score", [](const ScoredImage& image) { return image.score; }},
          {"brisque", [](const ScoredImage& image) { return image.brisque; }},
          {"niqe", [](const ScoredImage& image) { return image.niqe; }},
          {"label", [](const ScoredImage& image) { return image.judged.usefulness; }},
          {"plain_label", [](const ScoredImage& image) { return image.plain_usefulness; }}};
}

json Judged(const std::vector<ScoredImage>& images, const std::vector<std::string>& unseen) {
  std::vector<JudgedImage> judged;
  for (const ScoredImage& image : images) judged.push_back(image.judged);
  std::vector<std::string> seen;
  std::vector<std::string> not_seen = {"clean"};
  not_seen.insert(not_seen.end(), unseen.begin(), unseen.end());
  for (const JudgedImage& image : judged) {
    if (std::find(unseen.begin(), unseen.end(), image.kind) == unseen.end()) seen.push_back(image.kind);
  }
  json results;
  for (const Metric& metric : Metrics()) {
    std::vector<double> scores;
    for (const ScoredImage& image : images) scores.push_back(metric.of(image));
    results[metric.name] = ToJson(trainer::Judge(judged, scores));
    results[metric.name]["trained_kinds"] = trainer::UsefulnessCorrelation(judged, scores, seen);
    results[metric.name]["unseen_kinds"] = trainer::UsefulnessCorrelation(judged, scores, not_seen);
  }
  return results;
}

json Payments(const std::vector<ScoredImage>& images, bool attacked) {
  std::vector<JudgedImage> some;
  std::vector<double> lower;
  for (const ScoredImage& image : images) {
    if (image.judged.attack.has_value() != attacked) continue;
    some.push_back(image.judged);
    lower.push_back(image.lower);
    if (!attacked) continue;
    // An attack earns nothing, whatever it does to the parts of usefulness.
    const double before = images[static_cast<std::size_t>(image.judged.unattacked)].judged.usefulness;
    some.back().usefulness = std::min(some.back().usefulness, before);
  }
  const trainer::Payment payment = trainer::JudgePayment(some, lower);
  return {{"coverage", payment.coverage}, {"overpayment_p95", payment.overpayment_p95}};
}

json ToJson(const Speed& speed) {
  return {{"decode", speed.decode}, {"features", speed.features}, {"network", speed.network},
          {"score", speed.score},   {"brisque", speed.brisque},   {"niqe", speed.niqe}};
}

// Everything that the run reads.
struct Inputs {
  quality::QualityModel model;
  trainer::Weights weights{};
  trainer::DataSettings settings;
  std::vector<trainer::Scene> scenes;
  std::vector<trainer::Scene> rendered;
  std::optional<Rivals> rivals;
  std::optional<detection::VehicleDetector> detector;
};

absl::Status LoadDetector(Inputs& inputs) {
  if (inputs.settings.detector.empty()) return absl::OkStatus();
  absl::StatusOr<detection::VehicleDetector> detector =
      detection::VehicleDetector::Load(std::filesystem::path(inputs.settings.sources.root) / inputs.settings.detector);
  if (!detector.ok()) return detector.status();
  inputs.detector.emplace(*std::move(detector));
  return absl::OkStatus();
}

absl::Status LoadImages(Inputs& inputs) {
  trainer::SceneSources real = inputs.settings.sources;
  trainer::SceneSources rendered;
  rendered.first_rendered = real.rendered + 1;
  rendered.rendered = absl::GetFlag(FLAGS_rendered_scenes);
  real.rendered = 0;
  absl::StatusOr<std::vector<trainer::Scene>> scenes = trainer::LoadScenes(real);
  if (!scenes.ok()) return scenes.status();
  inputs.scenes = *std::move(scenes);
  scenes = trainer::LoadScenes(rendered);
  if (!scenes.ok()) return scenes.status();
  inputs.rendered = *std::move(scenes);
  return absl::OkStatus();
}

absl::Status LoadRivals(Inputs& inputs) {
  std::vector<cv::Mat> pristine;
  for (const trainer::Scene& scene : inputs.scenes) {
    if (absl::StrContains(scene.name, absl::GetFlag(FLAGS_pristine))) pristine.push_back(scene.frames.front());
  }
  absl::StatusOr<Rivals> rivals = Rivals::Load(absl::GetFlag(FLAGS_brisque), pristine);
  if (!rivals.ok()) return rivals.status();
  inputs.rivals.emplace(*std::move(rivals));
  return absl::OkStatus();
}

absl::StatusOr<Inputs> LoadInputs() {
  Inputs inputs;
  absl::StatusOr<quality::QualityModel> model = quality::LoadQualityModel(absl::GetFlag(FLAGS_bundle));
  if (!model.ok()) return model.status();
  inputs.model = *std::move(model);
  const absl::StatusOr<trainer::Weights> weights = ReadLabelWeights(absl::GetFlag(FLAGS_bundle));
  if (!weights.ok()) return weights.status();
  inputs.weights = *weights;
  absl::StatusOr<trainer::DataSettings> settings = trainer::DataSettingsFromFlags();
  if (!settings.ok()) return settings.status();
  inputs.settings = *std::move(settings);
  absl::Status status = LoadDetector(inputs);
  if (status.ok()) status = LoadImages(inputs);
  if (status.ok()) status = LoadRivals(inputs);
  if (!status.ok()) return status;
  return inputs;
}

std::vector<int> AllOf(const std::vector<trainer::Scene>& scenes) { return trainer::ScenesThat(scenes, {}, false); }

// Adds what one set of images says, and keeps the images.
absl::Status AddSet(const std::string& name, const absl::StatusOr<std::vector<ScoredImage>>& images,
                    const Inputs& inputs, const std::filesystem::path& out, json& results) {
  if (!images.ok()) return images.status();
  results[name] = {{"images", images->size()},
                   {"metrics", Judged(*images, inputs.settings.unseen_kinds)},
                   {"honest", Payments(*images, false)},
                   {"attacked", Payments(*images, true)}};
  std::cerr << name << ": " << images->size() << " images\n";
  return WriteImages(out / (name + ".tsv"), *images);
}

absl::Status AddSpeed(const Inputs& inputs, json& results) {
  const absl::StatusOr<Speed> speed = MeasureSpeed(inputs.model, *inputs.rivals, 4, absl::GetFlag(FLAGS_speed_repeats));
  if (!speed.ok()) return speed.status();
  results["speed_ms"] = ToJson(*speed);
  return absl::OkStatus();
}

// What an earlier run left, whose parts stay where they are not measured again.
json ReadResults(const std::filesystem::path& out) {
  std::ifstream stream(out / "results.json");
  json results = json::parse(stream, nullptr, /*allow_exceptions=*/false);
  return results.is_object() ? results : json::object();
}

absl::Status Run() {
  const std::filesystem::path out = absl::GetFlag(FLAGS_out);
  if (out.empty()) return absl::InvalidArgumentError("--out: want a folder");
  std::filesystem::create_directories(out);
  absl::StatusOr<Inputs> inputs = LoadInputs();
  if (!inputs.ok()) return inputs.status();
  Judges judges{&inputs->model, &*inputs->rivals, inputs->weights, {}};
  judges.measure.detector = inputs->detector ? &*inputs->detector : nullptr;
  judges.measure.confidence = inputs->settings.confidence;
  const std::vector<int> held_out = trainer::ScenesThat(inputs->scenes, inputs->settings.held_out, true);

  const std::vector<std::string> parts = absl::GetFlag(FLAGS_parts);
  const auto wanted = [&parts](const char* part) { return std::find(parts.begin(), parts.end(), part) != parts.end(); };
  json results = ReadResults(out);
  absl::Status status;
  if (wanted("road")) {
    status = AddSet("road", ScoreDistorted(inputs->scenes, held_out, inputs->settings, judges), *inputs, out, results);
  }
  if (status.ok() && wanted("corruptions")) {
    status = AddSet("corruptions", ScoreCorrupted(inputs->scenes, held_out, judges), *inputs, out, results);
  }
  if (status.ok() && wanted("rendered")) {
    status = AddSet("rendered", ScoreDistorted(inputs->rendered, AllOf(inputs->rendered), inputs->settings, judges),
                    *inputs, out, results);
  }
  if (status.ok() && wanted("examples")) {
    status = DrawExamples(inputs->model, *inputs->rivals, out / "quality_examples.png");
  }
  if (status.ok() && wanted("speed")) status = AddSpeed(*inputs, results);
  if (!status.ok()) return status;
  std::ofstream(out / "results.json") << results.dump(1) << '\n';
  return absl::OkStatus();
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "measures a quality model beside BRISQUE and NIQE\n\n"
      "  quality_bench --bundle=DIR --data=DIR --flagfile=trainer/configs/quality.flags --out=DIR");
  absl::ParseCommandLine(argc, argv);
  cv::setNumThreads(1);
  const absl::Status status = giot::bench::Run();
  if (status.ok()) return 0;
  std::cerr << "quality_bench: " << status.message() << '\n';
  return 1;
}
