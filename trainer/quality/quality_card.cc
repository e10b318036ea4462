#include "trainer/quality/quality_card.h"

#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace giot::trainer {
namespace {

constexpr char kPurpose[] =
    "Says how useful a road image is for traffic monitoring, without seeing what it would look like at its best: 75\n"
    "statistics of the image go through an ensemble of small perceptrons. The score is in [0, 1] and 1 for a clean,\n"
    "sharp image; six factors say what is wrong. Payment is meant to follow the lower bound of the score.\n";

constexpr char kLimits[] =
    "- It is no measure of how an image pleases people, and none of what there is to see in it.\n"
    "- It was made for daylight road images of 0.3 to 2 million pixels. Night, thermal and fisheye cameras are "
    "outside.\n"
    "- An attack that is none of the twelve it was trained against may gain more than the figures above.\n"
    "- The lower bound holds at its rate over images like those measured, not for every single image or scene.\n";

std::string Names(const QualityData& data, const std::vector<int>& indices) {
  std::vector<std::string> names;
  int rendered = 0;
  for (const int index : indices) {
    const Scene& scene = data.scenes[static_cast<std::size_t>(index)];
    if (scene.name.starts_with("rendered ")) {
      ++rendered;
      continue;
    }
    names.push_back(absl::StrCat("`", scene.name, "` (", scene.frames.size(), ")"));
  }
  if (rendered > 0) names.push_back(absl::StrCat(rendered, " rendered roads (1 each)"));
  return absl::StrJoin(names, ", ");
}

std::string TextOf(double value) {
  constexpr double kExact = 1e15;
  if (std::trunc(value) == value && std::abs(value) < kExact) return absl::StrFormat("%.0f", value);
  return absl::StrFormat("%.4f", value);
}

std::string Table(const std::map<std::string, double>& metrics) {
  std::string table = "| Metric | Value |\n|---|---|\n";
  for (const auto& [name, value] : metrics) absl::StrAppend(&table, "| ", name, " | ", TextOf(value), " |\n");
  return table;
}

std::string Labels(const DataSettings& settings) {
  std::string text =
      "Usefulness is a weighted mean of what a distorted image keeps of the clean one (`label_weight_*` below): "
      "gradients\n"
      "(GMSD), structure (SSIM), information (VIF), keypoints (ORB), coarse correlation and responses of a detector, "
      "each\n"
      "in [0, 1], times 1 - w + w colour. ";
  absl::StrAppend(&text, settings.detector.empty()
                             ? "The plain weights were used: no detector was given.\n"
                             : "The weights are\nfitted to the vehicles that a detector still finds, in the mean over "
                               "images by distortion and severity.\n");
  absl::StrAppend(&text,
                  "Images after an attack are labelled with the lesser of their own usefulness and that before.\n");
  return text;
}

}  // namespace

std::string WriteQualityCard(const QualityCard& card, const DataSettings& settings, const QualityData& data,
                             const TrainedModel& trained, const std::map<std::string, double>& metrics) {
  const quality::QualityModel& model = trained.model;
  std::string text = absl::StrCat("# ", model.name, " ", model.version, "\n\n", kPurpose, "\n## Data\n\n");
  absl::StrAppend(
      &text, card.provenance,
      "\n- Trained on (frames): ", Names(data, ScenesThat(data.scenes, settings.held_out, false)),
      ".\n- Measured on, and never trained on: ", Names(data, ScenesThat(data.scenes, settings.held_out, true)), ".\n");
  absl::StrAppend(&text, "- Kinds of distortion never trained on: ", absl::StrJoin(settings.unseen_kinds, ", "), ".\n");
  absl::StrAppend(&text, "- ", data.training.size(), " images to train on, ", data.held_out.size(),
                  " to measure on.\n");
  absl::StrAppend(&text, "\n## Labels\n\n", Labels(settings));
  absl::StrAppend(&text, "\n## Training\n\n- Command: `", card.command, "`\n- ", model.ensemble.size(),
                  " perceptrons, each trained without one fold of the places. What they say of their folds gives\n"
                  "  calibration, smoothing allowance and margin.\n");
  absl::StrAppendFormat(&text,
                        "- Margin of the lower bound: %.4f, for a coverage of %.2f. Smoothing allowance: %.2f.\n",
                        model.margin, model.coverage, model.smoothing_allowance);
  absl::StrAppend(&text, "\n## Measured\n\nIntervals (`_low`, `_high`) are of 95 % and by bootstrap over scenes.\n\n",
                  Table(metrics), "\n## Limits\n\n", kLimits);
  return text;
}

}  // namespace giot::trainer
