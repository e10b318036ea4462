#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "models/bundle/bundle.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/evaluation_flags.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/evaluation/held_out_values.h"
#include "trainer/run_comparison.h"

namespace giot::trainer {
namespace {

absl::StatusOr<std::pair<HeldOutValues, HeldOutValues>> MeasureBoth(const bundle::Bundle& a, const bundle::Bundle& b,
                                                                    EvaluationOptions options) {
  absl::StatusOr<HeldOutValues> of_a = MeasureHeldOut(a, options);
  if (!of_a.ok()) return of_a.status();
  // The markets were searched for A already.
  options.reference_evaluations = 0;
  absl::StatusOr<HeldOutValues> of_b = MeasureHeldOut(b, options);
  if (!of_b.ok()) return of_b.status();
  return std::pair(*std::move(of_a), *std::move(of_b));
}

absl::StatusOr<std::shared_ptr<const bundle::Bundle>> Load(const std::filesystem::path& directory) {
  absl::StatusOr<std::shared_ptr<const bundle::Bundle>> bundle = bundle::Bundle::Load(directory);
  if (bundle.ok()) return bundle;
  return absl::Status(bundle.status().code(), absl::StrCat(directory.string(), ": ", bundle.status().message()));
}

absl::Status ComparePolicies(const std::filesystem::path& a, const std::filesystem::path& b) {
  const auto bundle_a = Load(a);
  if (!bundle_a.ok()) return bundle_a.status();
  const auto bundle_b = Load(b);
  if (!bundle_b.ok()) return bundle_b.status();
  const bundle::Family family = (*bundle_a)->manifest().family;
  if ((*bundle_b)->manifest().family != family) {
    std::cout << "policies are not compared: they are for different families\n";
    return absl::OkStatus();
  }
  const absl::StatusOr<EvaluationOptions> options = EvaluationOptionsFromFlags(family);
  if (!options.ok()) return options.status();
  const auto values = MeasureBoth(**bundle_a, **bundle_b, *options);
  if (!values.ok()) return values.status();
  const auto [shares_a, shares_b] = PairedShares(values->first, values->second);
  std::cout << absl::StrFormat("utility, %% of best, N = %d   markets       mean    1st pct    minimum\n",
                               options->samples)
            << CompareShares(shares_a, shares_b);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> Compare(const std::string& a, const std::string& b) {
  const RunFolder folder_a{a};
  const RunFolder folder_b{b};
  const absl::StatusOr<RunRecord> run_a = ReadRun(folder_a);
  if (!run_a.ok()) return run_a.status();
  const absl::StatusOr<RunRecord> run_b = ReadRun(folder_b);
  if (!run_b.ok()) return run_b.status();
  std::cout << "A: " << a << "\nB: " << b << '\n' << CompareRuns(*run_a, *run_b) << std::flush;
  const std::optional<std::filesystem::path> bundle_a = NewestBundle(folder_a);
  const std::optional<std::filesystem::path> bundle_b = NewestBundle(folder_b);
  if (!bundle_a || !bundle_b) {
    std::cout << "policies are not compared: not both runs have a bundle\n";
    return kDone;
  }
  if (absl::Status status = ComparePolicies(*bundle_a, *bundle_b); !status.ok()) return status;
  return kDone;
}

}  // namespace giot::trainer
