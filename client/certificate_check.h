#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "giot/v1/contract.pb.h"

namespace giot::client {

// To what share of their size two computations of the same number agree.
inline constexpr double kTolerance = 1e-9;

// DataLoss naming the field of the certificate, what it says and what is so, if the
// two differ by more than `tolerance`.
absl::Status CheckStated(absl::string_view field, double stated, double computed, double tolerance);

// What holds of a menu whose optimum is not known; money a vehicle.
struct BoundFacts {
  double utility = 0.0;
  double upper_bound = 0.0;
  double worst_ir_slack = 0.0;
  double worst_ic_slack = 0.0;
  double participation = 0.0;
};

// The certificate against the facts. `scale` is the size of the market's money a
// vehicle. The bound is the result of a minimisation to 1e-6, and is checked to twice that.
absl::Status CheckBoundCertificate(const v1::Certificate& stated, const BoundFacts& facts, double vehicles,
                                   double scale);

}  // namespace giot::client
