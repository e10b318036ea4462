#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "models/search/budget.h"
#include "models/search/objective.h"

namespace giot::search {

// The best that a search found.
struct SearchResult {
  std::vector<double> levels;
  double value = 0.0;  // -infinity where no evaluation was affordable or finite.
  std::int64_t evaluations = 0;
};

// An objective as searches see it: it keeps the accounts of the budget, and
// the best levels. Searches that share one continue each other.
//
// One thread at a time; the objective must outlive it. Evaluations allocate
// nothing.
class BudgetedObjective {
 public:
  // `start` (n numbers in [-1, 1]) is the best until something is evaluated.
  BudgetedObjective(Objective& objective, absl::Span<const double> start, const Budget& budget,
                    ImprovementCallback on_improvement = nullptr);

  int dimension() const { return objective_.dimension(); }
  bool has_gradient() const { return objective_.has_gradient(); }

  // Whether the budget has run out: no more may be evaluated. Reads the clock.
  bool Spent();

  // One evaluation, of levels within [-1, 1]; -infinity for a value that is not
  // finite. Spent() must just have been false.
  double Value(absl::Span<const double> levels);

  // As Value, and the gradient with it. It counts as one evaluation.
  double ValueAndGradient(absl::Span<const double> levels, absl::Span<double> gradient);

  std::int64_t evaluations() const { return evaluations_; }
  double best_value() const { return best_value_; }
  absl::Span<const double> best_levels() const { return best_levels_; }

  // Takes the best away.
  SearchResult TakeResult();

 private:
  double Account(absl::Span<const double> levels, double value);

  Objective& objective_;
  const Budget budget_;
  const ImprovementCallback on_improvement_;
  const std::chrono::steady_clock::time_point began_;
  std::int64_t evaluations_ = 0;
  double best_value_;
  std::vector<double> best_levels_;
};

}  // namespace giot::search
