// What a policy is worth on markets beyond those that it was trained for, and whether its
// ranges say so.
//
//   shifted --bundle=models/released/screening/1
//
// Prints CSV: shift,market,share,outside. Each market of the training distribution is
// shifted in every way of Shifts(); `share` is the policy's utility as a share of the optimum,
// `outside` 1 where a server would not use the policy.

#include <iostream>
#include <random>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_format.h"
#include "bench/experiments/market_changes.h"
#include "models/bundle/bundle.h"
#include "models/bundle/designer.h"
#include "models/bundle/manifest.h"
#include "models/contract/exact.h"
#include "models/contract/market_traits.h"
#include "models/contract/market_sampler.h"
#include "models/policy/runtime.h"

ABSL_FLAG(std::string, bundle, "models/released/screening/1", "the policy");
ABSL_FLAG(int, markets, 2000, "of the training distribution");
ABSL_FLAG(std::uint64_t, seed, 20250804, "of the markets");

namespace giot::bench {
namespace {

using contract::ScreeningMarket;

bool Outside(const bundle::Bundle& bundle, const ScreeningMarket& market) {
  return bundle::OutsideRanges(bundle.manifest().ranges, contract::Traits(market)).has_value();
}

absl::Status Measure(const bundle::Bundle& bundle, const ScreeningMarket& market, int index) {
  for (const Shift& shift : Shifts()) {
    const ScreeningMarket shifted = Shifted(market, shift);
    const double optimum = contract::SolveExact(shifted).utility_per_vehicle;
    // No share means anything where the market is not worth running.
    if (optimum <= 0.0) continue;
    const bundle::DesignOptions options{1, static_cast<std::uint64_t>(index)};
    const absl::StatusOr<bundle::Design> design = bundle::DesignMenu(bundle, shifted, shifted.types(), options);
    if (!design.ok()) return design.status();
    std::cout << absl::StrFormat("%s,%d,%.9g,%d\n", shift.name, index, design->utility_per_vehicle / optimum,
                                 Outside(bundle, shifted));
  }
  return absl::OkStatus();
}

absl::Status Run() {
  const absl::StatusOr<std::shared_ptr<const bundle::Bundle>> bundle =
      bundle::Bundle::Load(absl::GetFlag(FLAGS_bundle));
  if (!bundle.ok()) return bundle.status();
  std::mt19937_64 random(absl::GetFlag(FLAGS_seed));
  std::cout << "shift,market,share,outside\n";
  for (int i = 0; i < absl::GetFlag(FLAGS_markets); ++i) {
    if (absl::Status status = Measure(**bundle, contract::SampleMarket({}, random), i); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("shifted --bundle=DIR");
  absl::ParseCommandLine(argc, argv);
  giot::policy::SetComputeThreads(1);
  const absl::Status status = giot::bench::Run();
  if (!status.ok()) std::cerr << status << '\n';
  return status.ok() ? 0 : 1;
}
