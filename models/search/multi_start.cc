#include "models/search/multi_start.h"

#include <vector>

#include "absl/functional/function_ref.h"
#include "models/search/cma_es.h"
#include "models/search/projected_lbfgs.h"
#include "models/search/random_source.h"

namespace giot::search {
namespace {

using LocalSearch = absl::FunctionRef<void(absl::Span<const double> levels, BudgetedObjective& objective)>;

SearchResult MultiStart(Objective& objective, absl::Span<const double> start, const Budget& budget,
                        const MultiStartOptions& options, LocalSearch search) {
  BudgetedObjective budgeted(objective, start, budget, options.on_improvement);
  RandomSource random(options.seed);
  std::vector<double> levels(start.begin(), start.end());
  while (!budgeted.Spent()) {
    search(levels, budgeted);
    random.FillLevels(absl::MakeSpan(levels));
  }
  return budgeted.TakeResult();
}

}  // namespace

SearchResult MultiStartCmaEs(Objective& objective, absl::Span<const double> start, const Budget& budget,
                             const MultiStartOptions& options) {
  CmaEsOptions round;
  round.seed = options.seed;
  return MultiStart(objective, start, budget, options,
                    [&round](absl::Span<const double> levels, BudgetedObjective& budgeted) {
                      budgeted.Value(levels);
                      CmaEs search(levels, round);
                      while (!search.Converged() && search.Step(budgeted)) {
                      }
                      ++round.seed;
                    });
}

SearchResult MultiStartClimb(Objective& objective, absl::Span<const double> start, const Budget& budget,
                             const MultiStartOptions& options) {
  ProjectedLbfgs climber(objective.dimension());
  return MultiStart(
      objective, start, budget, options,
      [&climber](absl::Span<const double> levels, BudgetedObjective& budgeted) { climber.Climb(levels, budgeted); });
}

}  // namespace giot::search
