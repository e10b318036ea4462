#include "models/search/polish.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/search/cma_es.h"
#include "models/search/projected_lbfgs.h"
#include "models/search/random_source.h"

namespace giot::search {
namespace {

constexpr double kShareOfBetter = 0.8;  // Of the evaluations, for the method that suits the objective.
constexpr double kRedrawnShare = 0.5;   // Of the levels that a climb starts from.
constexpr double kLargestSigma = 0.5;
constexpr double kNoteworthyGain = 1e-5;  // Of the value's size.

// CMA-ES round after round, the first from the start and others from the best levels,
// each twice as wide as a round before it that brought nothing.
class Sampler {
 public:
  // `best` is the value that the first round has to beat.
  Sampler(absl::Span<const double> start, double best, const PolishOptions& options)
      : first_sigma_(options.sigma), round_{options.sigma, 0, options.seed}, best_before_(best) {
    search_.emplace(start, round_);
  }

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
    for (double& level : levels_) {
      if (random_.Uniform() < kRedrawnShare) level = 2.0 * random_.Uniform() - 1.0;
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

}  // namespace

SearchResult Polish(Objective& objective, absl::Span<const double> start, const Budget& budget,
                    const PolishOptions& options) {
  BudgetedObjective budgeted(objective, start, budget, options.on_improvement);
  std::optional<Climber> climber;
  if (objective.has_gradient()) {
    climber.emplace(start, options);
    climber->Step(budgeted);
  } else if (!budgeted.Spent()) {
    budgeted.Value(start);
  }
  Sampler sampler(start, budgeted.best_value(), options);
  while (!budgeted.Spent()) {
    if (climber && climber->IsDue(budgeted)) {
      climber->Step(budgeted);
    } else {
      sampler.Step(budgeted);
    }
  }
  return budgeted.TakeResult();
}

}  // namespace giot::search
