#include "trainer/solvers/slsqp.h"

#include <nlopt.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/search/random_source.h"

namespace giot::trainer {
namespace {

constexpr double kRelativeGain = 1e-6;
constexpr double kDifference = 1e-6;  // About the square root of a value's relative precision, 1e-12.

using Optimizer = std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)>;

// What NLopt's callback needs of a run.
struct Run {
  search::BudgetedObjective& objective;
  nlopt_opt optimizer;
  std::vector<double> shifted;
};

bool Differences(Run& run, absl::Span<const double> levels, double value, absl::Span<double> gradient) {
  run.shifted.assign(levels.begin(), levels.end());
  for (std::size_t j = 0; j < levels.size(); ++j) {
    if (run.objective.Spent()) return false;
    const double step = levels[j] + kDifference <= 1.0 ? kDifference : -kDifference;
    run.shifted[j] = levels[j] + step;
    gradient[j] = (run.objective.Value(run.shifted) - value) / step;
    run.shifted[j] = levels[j];
    if (!std::isfinite(gradient[j])) return false;
  }
  return true;
}

double Evaluate(unsigned n, const double* x, double* gradient, void* data) {
  Run& run = *static_cast<Run*>(data);
  const absl::Span<const double> levels(x, n);
  double value = -std::numeric_limits<double>::infinity();
  bool usable = !run.objective.Spent();
  if (usable && gradient != nullptr && run.objective.has_gradient()) {
    value = run.objective.ValueAndGradient(levels, {gradient, n});
  } else if (usable) {
    value = run.objective.Value(levels);
  }
  usable = usable && std::isfinite(value);
  if (usable && gradient != nullptr && !run.objective.has_gradient()) {
    usable = Differences(run, levels, value, {gradient, n});
  }
  if (!usable) nlopt_force_stop(run.optimizer);
  return value;
}

absl::Status CheckRequest(const search::Objective& objective, absl::Span<const double> start,
                          const search::Budget& budget) {
  const search::Budget unbounded;
  if (budget.evaluations == unbounded.evaluations && budget.deadline == unbounded.deadline) {
    return absl::InvalidArgumentError("budget: got no bound, want one on evaluations or time");
  }
  if (start.size() != static_cast<std::size_t>(objective.dimension())) {
    return absl::InvalidArgumentError(
        absl::StrCat("start: got ", start.size(), " levels, want ", objective.dimension()));
  }
  for (const double level : start) {
    if (!(level >= -1.0 && level <= 1.0)) {
      return absl::InvalidArgumentError(absl::StrCat("start: got level ", level, ", want -1..1"));
    }
  }
  return absl::OkStatus();
}

Optimizer MakeOptimizer(Run& run) {
  Optimizer optimizer(nlopt_create(NLOPT_LD_SLSQP, static_cast<unsigned>(run.objective.dimension())), &nlopt_destroy);
  if (optimizer == nullptr) return optimizer;
  nlopt_set_lower_bounds1(optimizer.get(), -1.0);
  nlopt_set_upper_bounds1(optimizer.get(), 1.0);
  nlopt_set_ftol_rel(optimizer.get(), kRelativeGain);
  nlopt_set_max_objective(optimizer.get(), &Evaluate, &run);
  run.optimizer = optimizer.get();
  return optimizer;
}

}  // namespace

absl::StatusOr<search::SearchResult> MaximizeBySlsqp(search::Objective& objective, absl::Span<const double> start,
                                                     const search::Budget& budget, const SlsqpOptions& options) {
  if (const absl::Status valid = CheckRequest(objective, start, budget); !valid.ok()) return valid;
  search::BudgetedObjective budgeted(objective, start, budget, options.on_improvement);
  Run run{budgeted, nullptr, {}};
  const Optimizer optimizer = MakeOptimizer(run);
  if (optimizer == nullptr) return absl::ResourceExhaustedError("SLSQP: no memory");
  search::RandomSource random(options.seed);
  std::vector<double> levels(start.begin(), start.end());
  while (!budgeted.Spent()) {
    double value = 0.0;
    const nlopt_result result = nlopt_optimize(optimizer.get(), levels.data(), &value);
    if (result == NLOPT_OUT_OF_MEMORY) return absl::ResourceExhaustedError("SLSQP: no memory");
    if (result == NLOPT_INVALID_ARGS) return absl::InternalError("SLSQP: NLopt refuses its arguments");
    random.FillLevels(absl::MakeSpan(levels));
  }
  return budgeted.TakeResult();
}

}  // namespace giot::trainer
