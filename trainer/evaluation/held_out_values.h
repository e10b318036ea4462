#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "models/bundle/bundle.h"
#include "trainer/evaluation/evaluate.h"

namespace giot::trainer {

// How a policy of any family did on held-out markets: what two are compared by.
struct HeldOutValues {
  // Market by market, in the order of drawing; for screening both over the optimum.
  std::vector<double> utility;  // Of the policy's menu.
  std::vector<double> best;     // The optimum or the best found. Not positive: no share means anything.
  std::int64_t infeasible = 0;  // Markets whose menu, designed or posted, is infeasible.
};

// By EvaluateBundle or EvaluateUnsolved, whichever is for the bundle's family; no spread is measured.
absl::StatusOr<HeldOutValues> MeasureHeldOut(const bundle::Bundle& bundle, EvaluationOptions options);

// Shares of the best, those of markets that count.
std::vector<double> Shares(const HeldOutValues& values);

// The same of two policies on the same markets, in one order: shares of the better of
// both bests.
std::pair<std::vector<double>, std::vector<double>> PairedShares(const HeldOutValues& a, const HeldOutValues& b);

}  // namespace giot::trainer
