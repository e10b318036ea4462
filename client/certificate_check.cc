#include "client/certificate_check.h"

#include <cmath>

#include "absl/strings/str_cat.h"

namespace giot::client {
namespace {

constexpr double kBoundTolerance = 2e-6;

}  // namespace

absl::Status CheckStated(absl::string_view field, double stated, double computed, double tolerance) {
  // Infinite slacks are equal, and no distance apart.
  if (stated == computed || std::abs(stated - computed) <= tolerance) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("certificate.", field, ": says ", stated, ", the menu has ", computed));
}

absl::Status CheckBoundCertificate(const v1::Certificate& stated, const BoundFacts& facts, double vehicles,
                                   double scale) {
  const double money = kTolerance * scale;
  const double bound = kBoundTolerance * scale;
  absl::Status status = CheckStated("utility", stated.utility(), vehicles * facts.utility, vehicles * money);
  status.Update(CheckStated("upper_bound", stated.upper_bound(), vehicles * facts.upper_bound, vehicles * bound));
  status.Update(CheckStated("gap", stated.gap(), vehicles * (facts.upper_bound - facts.utility), vehicles * bound));
  status.Update(CheckStated("worst_ir_slack", stated.worst_ir_slack(), facts.worst_ir_slack, money));
  status.Update(CheckStated("worst_ic_slack", stated.worst_ic_slack(), facts.worst_ic_slack, money));
  status.Update(CheckStated("participation", stated.participation(), facts.participation, kTolerance));
  if (stated.has_bound_ratio()) {
    status.Update(
        CheckStated("bound_ratio", stated.bound_ratio(), stated.utility() / stated.upper_bound(), kTolerance));
  }
  return status;
}

}  // namespace giot::client
