#include "trainer/evaluation/gate.h"

#include <cstddef>
#include <cstdlib>
#include <iostream>

#include "absl/strings/str_format.h"

namespace giot::trainer {
namespace {

void CheckPaired(const GateEntry& candidate, const GateEntry* incumbent) {
  if (!candidate.ratios.empty() && (incumbent == nullptr || incumbent->ratios.size() == candidate.ratios.size()))
    return;
  std::cerr << "gate: the two models were not measured on the same markets\n";
  std::abort();
}

OneSidedTest TestGain(const GateEntry& candidate, const GateEntry& incumbent) {
  std::vector<double> gains;
  for (std::size_t i = 0; i < candidate.ratios.size(); ++i) gains.push_back(candidate.ratios[i] - incumbent.ratios[i]);
  return TestMeanPositive(gains);
}

void AgainstBars(const GateCriteria& criteria, GateDecision& decision) {
  if (decision.candidate_mean < criteria.mean_min) {
    decision.reasons.push_back(
        absl::StrFormat("mean ratio: got %.6f, want at least %.6f", decision.candidate_mean, criteria.mean_min));
  }
  if (decision.candidate_p01 < criteria.p01_min) {
    decision.reasons.push_back(
        absl::StrFormat("1st percentile: got %.6f, want at least %.6f", decision.candidate_p01, criteria.p01_min));
  }
}

void AgainstIncumbent(const GateCriteria& criteria, const GateEntry& candidate, const GateEntry& incumbent,
                      GateDecision& decision) {
  decision.incumbent_mean = Mean(incumbent.ratios);
  decision.incumbent_p01 = Quantile(incumbent.ratios, 0.01);
  decision.gain = TestGain(candidate, incumbent);
  if (decision.gain->p_value > 1.0 - criteria.confidence) {
    decision.reasons.push_back(absl::StrFormat("mean gain %.3g: got p-value %.4g, want at most %.4g",
                                               decision.gain->mean, decision.gain->p_value, 1.0 - criteria.confidence));
  }
  if (decision.candidate_p01 < *decision.incumbent_p01) {
    decision.reasons.push_back(absl::StrFormat("1st percentile: got %.6f, want at least the incumbent's %.6f",
                                               decision.candidate_p01, *decision.incumbent_p01));
  }
}

}  // namespace

GateCriteria DefaultCriteria(bundle::Family family) {
  switch (family) {
    case bundle::Family::kScreening:
      return {};
    case bundle::Family::kUncertain:
      return {.mean_min = 0.997, .p01_min = 0.97};
    case bundle::Family::kFreshness:
      return {.mean_min = 0.993, .p01_min = 0.96};
  }
  return {};
}

GateDecision Decide(const GateCriteria& criteria, const GateEntry& candidate, const GateEntry* incumbent) {
  CheckPaired(candidate, incumbent);
  GateDecision decision;
  decision.candidate_mean = Mean(candidate.ratios);
  decision.candidate_p01 = Quantile(candidate.ratios, 0.01);
  if (candidate.infeasible > 0) {
    decision.reasons.push_back(absl::StrFormat("infeasible menus: got %d, want 0", candidate.infeasible));
  }
  if (incumbent == nullptr) {
    AgainstBars(criteria, decision);
  } else {
    AgainstIncumbent(criteria, candidate, *incumbent, decision);
  }
  decision.promote = decision.reasons.empty();
  return decision;
}

}  // namespace giot::trainer
