#include "models/search/polish.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "models/search/cma_es.h"
#include "models/search/projected_lbfgs.h"
#include "models/search/random_source.h"

namespace giot::search {
namespace {

constexpr double kShareOfBetter = 0.8;  // Of the evaluations, for the method that suits the objective.
constexpr double kLargestSigma = 0.5;
constexpr double kNoteworthyGain = 1e-5;  // Of the value's size.

// CMA-ES round after round, each from the best levels there are by then, twice as wide as
// a round before it that brought nothing.
class Sampler {
 public:
  Sampler(const BudgetedObjective& objective, const PolishOptions& options)
      : first_sigma_(options.sigma),
        round_{options.sigma, 0, options.seed},
        search_(std::in_place, objective.best_levels(), round_),
        best_before_(objective.best_value()) {}

  void Step(BudgetedObjective& objective) {
    if (search_->Converged()) NextRound(objective);
    search_->Step(objective);
  }

 private:
  void NextRound(const BudgetedObjective& objective) {
    const double best = objective.best_value();
    const bool gained = best > best_before_ + kNoteworthyGain * std::abs(best);
    round_.sigma = gained ? first_sigma_ : std::min(2.0 * round_.sigma, kLargestSigma);
    ++round_.seed;
    best_before_ = best;
    search_.emplace(objective.best_levels(), round_);
  }

  const double first_sigma_;
  CmaEsOptions round_;
  std::optional<CmaEs> search_;
  double best_before_;  // The round at hand.
};

// Climbs from the start, and then from the best levels with some of them redrawn.
class Climber {
 public:
  Climber(absl::Span<const double> start, const PolishOptions& options)
      : random_(options.seed), lbfgs_(static_cast<int>(start.size())), levels_(start.begin(), start.end()) {}

  void Step(BudgetedObjective& objective) {
    const std::int64_t before = objective.evaluations();
    lbfgs_.Climb(levels_, objective);
    evaluations_ += objective.evaluations() - before;
    std::copy(objective.best_levels().begin(), objective.best_levels().end(), levels_.begin());
    const double root = random_.Uniform();
    for (double& level : levels_) {
      if (random_.Uniform() < root * root) level = 2.0 * random_.Uniform() - 1.0;
    }
  }

  // Whether it has had less than its share of the evaluations.
  bool IsDue(const BudgetedObjective& objective) const {
    const double share = lbfgs_.GradientGuides() ? kShareOfBetter : 1.0 - kShareOfBetter;
    return static_cast<double>(evaluations_) < share * static_cast<double>(objective.evaluations());
  }

 private:
  RandomSource random_;
  ProjectedLbfgs lbfgs_;
  std::vector<double> levels_;
  std::int64_t evaluations_ = 0;
};

// From `start`, which is evaluated first, until the budget ends.
void PolishFrom(absl::Span<const double> start, BudgetedObjective& objective, const PolishOptions& options) {
  std::optional<Climber> climber;
  if (objective.has_gradient()) {
    climber.emplace(start, options);
    climber->Step(objective);
  } else if (!objective.Spent()) {
    objective.Value(start);
  }
  Sampler sampler(objective, options);
  while (!objective.Spent()) {
    if (climber && climber->IsDue(objective)) {
      climber->Step(objective);
    } else {
      sampler.Step(objective);
    }
  }
}

}  // namespace

SearchResult Polish(Objective& objective, absl::Span<const double> start, const Budget& budget,
                    const PolishOptions& options) {
  BudgetedObjective budgeted(objective, start, budget, options.on_improvement);
  PolishFrom(start, budgeted, options);
  return budgeted.TakeResult();
}

SearchResult PolishBest(Objective& objective, absl::Span<const double> proposals, const Budget& budget,
                        const PolishOptions& options) {
  const auto n = static_cast<std::size_t>(objective.dimension());
  BudgetedObjective budgeted(objective, proposals.first(n), budget, options.on_improvement);
  budgeted.Value(proposals.first(n));
  for (std::size_t row = n; row < proposals.size() && !budgeted.Spent(); row += n) {
    budgeted.Value(proposals.subspan(row, n));
  }
  const std::vector<double> best(budgeted.best_levels().begin(), budgeted.best_levels().end());
  PolishFrom(best, budgeted, options);
  return budgeted.TakeResult();
}

}  // namespace giot::search
