#include "models/bundle/model_card.h"

#include <cmath>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace giot::bundle {
namespace {

struct Use {
  absl::string_view input, output, answer_outside;
};

Use UseOf(Family family) {
  switch (family) {
    case Family::kScreening:
      return {
          "one market (cost types, their probabilities, value and cost parameters, quality bounds, budget)",
          "one level in [-1, 1] a type, which the feasible decode turns into a menu that is individually rational\n"
          "and incentive compatible whatever the level. The model is meant to be served with a certificate against\n"
          "the exact optimum, and for no other decision",
          "the exact menu is the answer there"};
    case Family::kUncertain:
      return {
          "one market (cost types, their probabilities, value, cost and uncertainty parameters)",
          "two levels in [-1, 1] a type, for quality and rent, which the feasible decode turns into a menu that is\n"
          "individually rational and incentive compatible whatever the levels. The model is meant to be served with\n"
          "a certificate against an upper bound, and for no other decision",
          "a numeric search is the answer there"};
    case Family::kFreshness:
      return {"one market (pairs of sensing and update costs, their probabilities, value parameters)",
              "three levels in [-1, 1] a type, for quality, update rate and rent, which the feasible decode settles\n"
              "into a menu that is individually rational and incentive compatible whatever the levels. The model is\n"
              "meant to be served with a certificate against an upper bound, and for no other decision",
              "a numeric search is the answer there"};
  }
  return {};
}

std::string RangeTable(const MarketRanges& ranges) {
  std::string table = "| Trait | from | to |\n|---|---|---|\n";
  for (const auto& [trait, range] : ranges.of) {
    absl::StrAppend(&table, "| ", trait, " | ", range.min, " | ");
    if (std::isfinite(range.max)) absl::StrAppend(&table, range.max, " ");
    absl::StrAppend(&table, "|\n");
  }
  return table;
}

// Counts and seeds in full, which six digits would cut.
std::string TextOf(double value) {
  constexpr double kExact = 1e15;
  if (std::trunc(value) == value && std::abs(value) < kExact) return absl::StrCat(static_cast<std::int64_t>(value));
  return absl::StrCat(value);
}

std::string MetricTable(const Manifest& manifest) {
  if (manifest.metrics.empty()) return "None recorded.\n";
  std::string table = "| Metric | Value |\n|---|---|\n";
  for (const auto& [name, value] : manifest.metrics) {
    absl::StrAppend(&table, "| ", name, " | ", TextOf(value), " |\n");
  }
  return table;
}

}  // namespace

std::string ModelCard(const Manifest& manifest) {
  const Use use = UseOf(manifest.family);
  return absl::StrCat("# ", manifest.name, " ", manifest.version, "\n\n",
                      "A conditional diffusion model that designs menus of sensing contracts for markets of the ",
                      NameOf(manifest.family), " family.\n", manifest.parameters, " parameters, width ",
                      manifest.hidden, ", ", manifest.steps, " denoising steps.\n\n", "## Use\n\n",
                      "Input: ", use.input, " and Gaussian noise.\nOutput: ", use.output, ".\n\n",
                      "## Markets it was trained for\n\nIn normalised money; FORMAT.md says what each trait is.\n\n",
                      RangeTable(manifest.ranges), "\nOutside these ranges nothing is promised; ", use.answer_outside,
                      ".\n\n## Measured\n\n", MetricTable(manifest), "\n## Training\n\n- Command: `",
                      manifest.training_command, "`\n- Seed: ", manifest.seed,
                      "\n- Trainer: ", manifest.trainer_version,
                      "\n- Data: synthetic markets only; nothing personal.\n");
}

}  // namespace giot::bundle
