#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "trainer/evaluation/evaluate.h"
#include "trainer/evaluation/evaluation_subject.h"
#include "trainer/evaluation/ratio_summary.h"

namespace giot::trainer {

struct MethodSummary {
  Method method = Method::kPolicy;
  RatioSummary ratio;           // To the exact optimum, over the markets where that is positive.
  std::int64_t infeasible = 0;  // Menus, over all markets.
  double infeasible_share = 0.0;
};

struct EvaluationReport {
  std::int64_t markets = 0;
  std::int64_t excluded = 0;  // Optimum not positive: counted in no ratio.
  std::array<MethodSummary, kMethods.size()> methods;
  std::vector<GroupSummary> by_types;       // K ascending, those that occur.
  std::vector<GroupSummary> by_constraint;  // Ironing x budget, all four.
  std::int64_t spread_markets = 0;
  double spread = 0.0;      // Mean standard deviation of the ratio over single chains; 0 for no markets.
  double spread_max = 0.0;  // Largest.
};

// Statistics alone: a pure function of the outcomes.
EvaluationReport Report(absl::Span<const MarketOutcome> outcomes);

// The ratios of one method, in the order of the markets, excluded ones left out.
std::vector<double> Ratios(absl::Span<const MarketOutcome> outcomes, Method method);

// A table for people.
std::string ToTable(const EvaluationReport& report);

std::string ToJson(const EvaluationReport& report, const EvaluationSubject& subject, const EvaluationOptions& options);

}  // namespace giot::trainer
