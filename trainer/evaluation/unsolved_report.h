#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "trainer/evaluation/evaluate_unsolved.h"
#include "trainer/evaluation/ratio_summary.h"
#include "trainer/evaluation/report.h"

namespace giot::trainer {

struct UnsolvedSummary {
  UnsolvedMethod method = UnsolvedMethod::kPolicy;
  RatioSummary of_best;         // Share of the best found.
  RatioSummary of_bound;        // Share of the upper bound.
  std::int64_t infeasible = 0;  // Menus, over all markets.
  double infeasible_share = 0.0;
};

struct UnsolvedReport {
  std::int64_t markets = 0;
  std::int64_t excluded = 0;  // Best found not positive: counted in no ratio.
  std::array<UnsolvedSummary, kUnsolvedMethods.size()> methods;
  RatioSummary best_of_bound;          // The best found as a share of the upper bound.
  std::vector<GroupSummary> by_types;  // The policy's shares of the best found; those that occur, ascending.
  std::int64_t spread_markets = 0;
  double spread = 0.0;  // Mean standard deviation over single chains, as a share of the best found; 0 for no markets.
  double spread_max = 0.0;  // Largest.
};

// Statistics alone: a pure function of the outcomes.
UnsolvedReport Report(absl::Span<const UnsolvedOutcome> outcomes);

// One method's shares of the best found, in the order of the markets, excluded ones left out.
std::vector<double> Ratios(absl::Span<const UnsolvedOutcome> outcomes, UnsolvedMethod method);

// A table for people.
std::string ToTable(const UnsolvedReport& report, const EvaluationOptions& options);
std::string ToJson(const UnsolvedReport& report, const EvaluationSubject& subject, const EvaluationOptions& options);

}  // namespace giot::trainer
