#include "trainer/commands/evaluation_flags.h"

#include <optional>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "trainer/commands/flag_range.h"
#include "trainer/commands/market_flags.h"

namespace {
const giot::trainer::EvaluationOptions kDefault;
}  // namespace

ABSL_FLAG(std::uint64_t, held_out_seed, kDefault.seed, "seed of the held-out markets");
ABSL_FLAG(std::optional<int>, markets, std::nullopt, "held-out markets; empty: 20000 of screening, 1000 of others");
ABSL_FLAG(std::optional<int>, samples, std::nullopt, "chains a menu, the best kept; empty: 16 for freshness, else 1");
ABSL_FLAG(int, reference_evaluations, kDefault.reference_evaluations,
          "effort of the search, a market, that a policy is measured against where the optimum is not known");

namespace giot::trainer {

absl::StatusOr<EvaluationOptions> EvaluationOptionsFromFlags(bundle::Family family) {
  const absl::StatusOr<contract::MarketDistribution> distribution = MarketsFromFlags();
  if (!distribution.ok()) return distribution.status();
  EvaluationOptions options = DefaultEvaluation(family);
  options.distribution = *distribution;
  options.seed = absl::GetFlag(FLAGS_held_out_seed);
  options.markets = absl::GetFlag(FLAGS_markets).value_or(options.markets);
  options.samples = absl::GetFlag(FLAGS_samples).value_or(options.samples);
  options.reference_evaluations = absl::GetFlag(FLAGS_reference_evaluations);
  FlagRange check;
  check.Within("markets", options.markets, 1, 1e7);
  check.Within("samples", options.samples, 1, 1e4);
  check.Within("reference_evaluations", options.reference_evaluations, 1, 1e9);
  if (!check.status().ok()) return check.status();
  return options;
}

absl::StatusOr<std::shared_ptr<const bundle::Bundle>> LoadBundle(const char* flag, const std::string& directory) {
  if (directory.empty()) return absl::InvalidArgumentError(absl::StrCat("--", flag, ": want the folder of a bundle"));
  absl::StatusOr<std::shared_ptr<const bundle::Bundle>> bundle = bundle::Bundle::Load(directory);
  if (!bundle.ok()) {
    return absl::Status(bundle.status().code(), absl::StrCat("--", flag, ": ", bundle.status().message()));
  }
  return bundle;
}

}  // namespace giot::trainer
