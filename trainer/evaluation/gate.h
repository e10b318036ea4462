#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/bundle/family.h"
#include "trainer/evaluation/statistics.h"

namespace giot::trainer {

struct GateCriteria {
  // Against an incumbent: confidence that the candidate's mean is higher.
  double confidence = 0.99;
  // Without one: bars for the candidate's mean and 1st percentile.
  double mean_min = 0.9995;
  double p01_min = 0.995;
};

// The bars of a family: shares of the optimum for screening, of the best found for the others,
// of one proposal for uncertain and the best of 16 for freshness.
GateCriteria DefaultCriteria(bundle::Family family);

// How a model did on the markets of the comparison.
struct GateEntry {
  std::vector<double> ratios;   // To the optimum or to the best known of it, market by market.
  std::int64_t infeasible = 0;  // Menus, designed or posted.
};

struct GateDecision {
  bool promote = false;
  std::vector<std::string> reasons;  // Why not; empty if promoted.
  double candidate_mean = 0.0;
  double candidate_p01 = 0.0;
  // Against an incumbent alone.
  std::optional<double> incumbent_mean;
  std::optional<double> incumbent_p01;
  std::optional<OneSidedTest> gain;  // Candidate minus incumbent, paired by market.
};

// Whether the candidate may take the incumbent's place (or, with none, the
// first). It must have no infeasible menu, and
// - against an incumbent: its mean ratio be higher with the confidence asked
//   for, by a one-sided paired test, and its 1st percentile be no lower;
// - with none: reach the bars.
// Both entries must be of the same markets in the same order, one at least.
GateDecision Decide(const GateCriteria& criteria, const GateEntry& candidate, const GateEntry* incumbent);

}  // namespace giot::trainer
