#pragma once

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "models/search/budgeted_objective.h"

namespace giot::search {

// Climbs an objective that has a gradient by a quasi-Newton method over the box: the
// direction of limited-memory BFGS (Nocedal 1980, 8 steps remembered) among the levels
// that may move, which are all but those at a bound that the gradient pushes against;
// along the projection of that ray onto the box, with Armijo's rule and backtracking
// (two-metric projection, Bertsekas 1982). Where a direction fails, it tries the
// gradient before it ends.
//
// One thread at a time. A climb allocates nothing.
class ProjectedLbfgs {
 public:
  explicit ProjectedLbfgs(int dimension);

  // From `levels` (n numbers in [-1, 1], evaluated first) until two steps running
  // gain less than 1e-8 of the value, nothing uphill is found, the gradient proves a
  // bad guide, or the budget ends; `objective` keeps the best. Requires
  // has_gradient().
  void Climb(absl::Span<const double> levels, BudgetedObjective& objective);

  // Whether at least two in five of the points that the gradient promised to be better
  // were, over all climbs so far. Where an objective jumps, they are not.
  bool GradientGuides() const;

 private:
  // A step of the levels, and the change of the negative gradient that it made.
  struct Pair {
    std::vector<double> step, change;
    double weight = 0.0;  // Of the recursion, here between its two loops.
  };

  // Points that the gradient promised to be better, and those that were.
  struct Promises {
    int made = 0, kept = 0;
    bool Credible() const;
  };

  bool Misled() const;
  // Returns whether any level may move.
  bool FindFree();
  void FindDirection();
  void ScaleFirstStep();
  // Leaves in trial_ a point that satisfies Armijo's rule.
  bool SearchLine(BudgetedObjective& objective);
  double MoveAlong(double length);
  void Learn();
  // Over the levels that may move.
  double Dot(const std::vector<double>& a, const std::vector<double>& b) const;
  Pair& Recent(std::size_t age) { return pairs_[(newest_ + pairs_.size() - age) % pairs_.size()]; }

  std::vector<Pair> pairs_;  // A ring.
  std::size_t newest_ = 0, known_ = 0;

  Promises of_climb_, of_all_;

  double value_ = 0.0, trial_value_ = 0.0;
  std::vector<double> levels_, gradient_, direction_, trial_, trial_gradient_;
  std::vector<double> free_;  // 1 where the level may move, else 0.
};

}  // namespace giot::search
