#include "models/bundle/model_card.h"

#include "absl/strings/str_cat.h"

namespace giot::bundle {
namespace {

std::string RangeRow(absl::string_view what, const Range& range) {
  return absl::StrCat("| ", what, " | ", range.min, " | ", range.max, " |\n");
}

std::string RangeTable(const MarketRanges& ranges) {
  return absl::StrCat("| Quantity | from | to |\n|---|---|---|\n", RangeRow("number of types K", ranges.types),
                      RangeRow("theta_1 / theta_K", ranges.first_type), RangeRow("omega / theta_K", ranges.value_scale),
                      RangeRow("a", ranges.value_rate), RangeRow("kappa", ranges.cost_curvature),
                      RangeRow("q_min", ranges.quality_min), RangeRow("q_max", ranges.quality_max),
                      RangeRow("quality that the budget buys from everybody / q_min", ranges.budget_quality),
                      "| least p_k | ", ranges.probability_min, " | |\n| least (theta_{k+1} - theta_k) / theta_K | ",
                      ranges.spacing_min, " | |\n");
}

std::string MetricTable(const Manifest& manifest) {
  if (manifest.metrics.empty()) return "None recorded.\n";
  std::string table = "| Metric | Value |\n|---|---|\n";
  for (const auto& [name, value] : manifest.metrics) absl::StrAppend(&table, "| ", name, " | ", value, " |\n");
  return table;
}

}  // namespace

std::string ModelCard(const Manifest& manifest) {
  return absl::StrCat(
      "# ", manifest.name, " ", manifest.version, "\n\n",
      "A conditional diffusion model that designs menus of sensing contracts for markets of the ", manifest.family,
      " family.\n", manifest.parameters, " parameters, width ", manifest.hidden, ", ", manifest.steps,
      " denoising steps.\n\n", "## Use\n\n",
      "Input: one market (cost types, their probabilities, value and cost parameters, quality bounds, budget) and\n"
      "Gaussian noise. Output: one level in [-1, 1] a type, which the feasible decode turns into a menu that is\n"
      "individually rational and incentive compatible whatever the level. The model is meant to be served with a\n"
      "certificate against the exact optimum, and for no other decision.\n\n",
      "## Markets it was trained for\n\n", RangeTable(manifest.ranges),
      "\nOutside these ranges nothing is promised; the exact menu is the answer there.\n\n", "## Measured\n\n",
      MetricTable(manifest), "\n## Training\n\n- Command: `", manifest.training_command, "`\n- Seed: ", manifest.seed,
      "\n- Trainer: ", manifest.trainer_version, "\n- Data: synthetic markets only; nothing personal.\n");
}

}  // namespace giot::bundle
