#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <opencv2/core/utility.hpp>
#include <string>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/strings/str_format.h"
#include "models/quality/quality_model.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/commands/quality_flags.h"
#include "trainer/quality/quality_card.h"
#include "trainer/quality/quality_evaluation.h"

ABSL_DECLARE_FLAG(int, model_version);
ABSL_DECLARE_FLAG(int, threads);

ABSL_FLAG(std::string, quality_root, "", "folder that receives quality/<version>, the trained quality model");

namespace giot::trainer {
namespace {

// The least samples by which a distortion's mean over images is known well enough to calibrate labels by, and how much
// the plain label counts beside those means.
constexpr int kLeastForMean = 5;
constexpr double kPlainPull = 1.0;

void Print(const std::map<std::string, double>& metrics) {
  for (const auto& [name, value] : metrics) std::cout << absl::StrFormat("%-40s %9.4f\n", name, value);
}

void Note(const std::string& text) { std::cerr << text << '\n'; }

}  // namespace

absl::StatusOr<int> Quality() {
  const std::string root = absl::GetFlag(FLAGS_quality_root);
  if (root.empty()) return absl::InvalidArgumentError("--quality_root: want the folder for the model");
  const absl::StatusOr<DataSettings> settings = DataSettingsFromFlags();
  if (!settings.ok()) return settings.status();
  absl::StatusOr<TrainingOptions> options = QualityTrainingFromFlags();
  if (!options.ok()) return options.status();
  options->note = Note;
  cv::setNumThreads(absl::GetFlag(FLAGS_threads));

  const absl::StatusOr<QualityData> data = PrepareQualityData(*settings, Note);
  if (!data.ok()) return data.status();
  const Weights weights = FitWeights(TaskMeans(data->training, kLeastForMean), kPlainPull);
  absl::StatusOr<TrainedModel> trained = TrainQualityModel(data->scenes, data->training, weights, *options);
  if (!trained.ok()) return trained.status();
  trained->model.version = absl::GetFlag(FLAGS_model_version);
  const QualityEvaluation evaluation = EvaluateQuality(trained->model, *data, weights, settings->unseen_kinds);
  const std::map<std::string, double> metrics = MetricsOf(evaluation, *trained, weights);
  Print(metrics);

  const std::string card =
      WriteQualityCard({QualityCommandLine(), ProvenanceFromFlags()}, *settings, *data, *trained, metrics);
  const absl::StatusOr<std::filesystem::path> folder =
      quality::WriteQualityModel(root, trained->model, nlohmann::json(metrics).dump(), card);
  if (!folder.ok()) return folder.status();
  std::cout << folder->string() << '\n';
  return kDone;
}

}  // namespace giot::trainer
