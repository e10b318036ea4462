// What menus are worth that were designed for a type distribution that is not the true one.
//
//   misspecified --bundle=models/released/screening/1
//
// Prints CSV: spread,market,budgeted,policy_share,exact_share,policy_pay,exact_pay. A market's
// p is announced with log-normal errors of that spread (Misannounced); policy and exact
// solver design for the announced market, and both menus are judged at the true p: utility
// as a share of the optimum, and expected pay as a share of the budget (0 without one). IR
// and IC hold at any p; a budget may not. The errors of a market are the same at every spread,
// up to their size.

#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/random/distributions.h"
#include "absl/strings/str_format.h"
#include "bench/experiments/market_changes.h"
#include "models/bundle/bundle.h"
#include "models/bundle/designer.h"
#include "models/contract/audit.h"
#include "models/contract/exact.h"
#include "models/contract/market_sampler.h"
#include "models/policy/runtime.h"

ABSL_FLAG(std::string, bundle, "models/released/screening/1", "the policy");
ABSL_FLAG(int, markets, 2000, "of the training distribution");
ABSL_FLAG(std::uint64_t, seed, 20250803, "of markets and errors");

namespace giot::bench {
namespace {

using contract::ScreeningMarket;

constexpr double kSpreads[] = {0.0, 0.1, 0.2, 0.4, 0.8};

struct Worth {
  double share = 0.0;  // Of the optimum.
  double pay = 0.0;    // Of the budget.
};

Worth Judge(const ScreeningMarket& market, const contract::Menu& menu, double optimum) {
  const contract::AuditReport audit = contract::Audit(market, menu);
  const double budget = market.budget_per_vehicle().value_or(0.0);
  return {audit.utility_per_vehicle / optimum, budget > 0.0 ? 1.0 - audit.budget_slack / budget : 0.0};
}

absl::Status Measure(const bundle::Bundle& bundle, const ScreeningMarket& market, int index,
                     absl::Span<const double> normals) {
  const double optimum = contract::SolveExact(market).utility_per_vehicle;
  for (const double spread : kSpreads) {
    const ScreeningMarket announced = Misannounced(market, spread, normals);
    const bundle::DesignOptions options{1, static_cast<std::uint64_t>(index)};
    const absl::StatusOr<bundle::Design> design = bundle::DesignMenu(bundle, announced, announced.types(), options);
    if (!design.ok()) return design.status();
    const Worth policy = Judge(market, design->menu, optimum);
    const Worth exact = Judge(market, contract::SolveExact(announced).menu, optimum);
    std::cout << absl::StrFormat("%g,%d,%d,%.9g,%.9g,%.9g,%.9g\n", spread, index,
                                 market.budget_per_vehicle().has_value(), policy.share, exact.share, policy.pay,
                                 exact.pay);
  }
  return absl::OkStatus();
}

absl::Status Run() {
  const absl::StatusOr<std::shared_ptr<const bundle::Bundle>> bundle =
      bundle::Bundle::Load(absl::GetFlag(FLAGS_bundle));
  if (!bundle.ok()) return bundle.status();
  std::mt19937_64 random(absl::GetFlag(FLAGS_seed));
  std::cout << "spread,market,budgeted,policy_share,exact_share,policy_pay,exact_pay\n";
  for (int i = 0; i < absl::GetFlag(FLAGS_markets);) {
    const ScreeningMarket market = contract::SampleMarket({}, random);
    std::vector<double> normals(static_cast<std::size_t>(market.types()));
    for (double& z : normals) z = absl::Gaussian<double>(random);
    if (contract::SolveExact(market).utility_per_vehicle <= 0.0) continue;
    if (absl::Status status = Measure(**bundle, market, i++, normals); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("misspecified --bundle=DIR");
  absl::ParseCommandLine(argc, argv);
  giot::policy::SetComputeThreads(1);
  const absl::Status status = giot::bench::Run();
  if (!status.ok()) std::cerr << status << '\n';
  return status.ok() ? 0 : 1;
}
