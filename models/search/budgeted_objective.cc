#include "models/search/budgeted_objective.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace giot::search {
namespace {

constexpr double kWorst = -std::numeric_limits<double>::infinity();

}  // namespace

BudgetedObjective::BudgetedObjective(Objective& objective, absl::Span<const double> start, const Budget& budget,
                                     ImprovementCallback on_improvement)
    : objective_(objective),
      budget_(budget),
      on_improvement_(std::move(on_improvement)),
      began_(budget_.clock()),
      best_value_(kWorst),
      best_levels_(start.begin(), start.end()) {}

bool BudgetedObjective::Spent() {
  if (evaluations_ >= budget_.evaluations) return true;
  return budget_.deadline != std::chrono::steady_clock::time_point::max() && budget_.clock() >= budget_.deadline;
}

double BudgetedObjective::Value(absl::Span<const double> levels) { return Account(levels, objective_.Value(levels)); }

double BudgetedObjective::ValueAndGradient(absl::Span<const double> levels, absl::Span<double> gradient) {
  return Account(levels, objective_.ValueAndGradient(levels, gradient));
}

SearchResult BudgetedObjective::TakeResult() { return {std::move(best_levels_), best_value_, evaluations_}; }

double BudgetedObjective::Account(absl::Span<const double> levels, double value) {
  ++evaluations_;
  if (!std::isfinite(value)) return kWorst;
  if (value > best_value_) {
    best_value_ = value;
    std::copy(levels.begin(), levels.end(), best_levels_.begin());
    if (on_improvement_) on_improvement_({budget_.clock() - began_, evaluations_, value});
  }
  return value;
}

}  // namespace giot::search
