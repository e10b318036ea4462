#include "bench/anytime/methods.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "models/search/multi_start.h"
#include "models/search/polish.h"
#include "trainer/solvers/slsqp.h"

namespace giot::bench {
namespace {

using search::Budget;
using search::ImprovementCallback;
using search::Objective;

constexpr std::uint64_t kSeed = 1;

using Search = absl::Status(Objective&, absl::Span<const double> start, const Budget&, const ImprovementCallback&);

absl::Status Slsqp(Objective& objective, absl::Span<const double> start, const Budget& budget,
                   const ImprovementCallback& on_improvement) {
  return trainer::MaximizeBySlsqp(objective, start, budget, {.seed = kSeed, .on_improvement = on_improvement}).status();
}

absl::Status CmaEs(Objective& objective, absl::Span<const double> start, const Budget& budget,
                   const ImprovementCallback& on_improvement) {
  search::MultiStartCmaEs(objective, start, budget, {.seed = kSeed, .on_improvement = on_improvement});
  return absl::OkStatus();
}

absl::Status Climb(Objective& objective, absl::Span<const double> start, const Budget& budget,
                   const ImprovementCallback& on_improvement) {
  search::MultiStartClimb(objective, start, budget, {.seed = kSeed, .on_improvement = on_improvement});
  return absl::OkStatus();
}

Method Solver(const std::string& name, bool of_items, Search& search) {
  return {name, [of_items, &search](HeldOutMarket& market, const Budget& budget, const ImprovementCallback& callback) {
            Objective* objective = of_items ? market.item_objective() : &market.objective();
            if (objective == nullptr) return absl::FailedPreconditionError("a family without item levels");
            const std::vector<double> start(static_cast<std::size_t>(objective->dimension()), 0.0);
            return search(*objective, start, budget, callback);
          }};
}

Method Policy(const std::string& name, int samples, bool polish, Proposer& proposer) {
  return {name, [samples, polish, &proposer](HeldOutMarket& market, const Budget& budget,
                                             const ImprovementCallback& callback) {
            const auto rows = static_cast<std::size_t>(samples);
            std::vector<double> levels(rows * static_cast<std::size_t>(market.objective().dimension()));
            if (absl::Status proposed = proposer.Propose(market.Pack(), samples, kSeed, absl::MakeSpan(levels));
                !proposed.ok()) {
              return proposed;
            }
            Budget left = budget;
            if (!polish) left.evaluations = samples;
            search::PolishOptions options;
            options.on_improvement = callback;
            search::PolishBest(market.objective(), levels, left, options);
            return absl::OkStatus();
          }};
}

}  // namespace

std::vector<Method> Methods(bool with_items, Proposer* proposer) {
  std::vector<Method> methods;
  for (const bool of_items : {false, true}) {
    if (of_items && !with_items) continue;
    const std::string prefix = of_items ? "item_" : "";
    methods.push_back(Solver(absl::StrCat(prefix, "slsqp"), of_items, Slsqp));
    methods.push_back(Solver(absl::StrCat(prefix, "cma_es"), of_items, CmaEs));
    methods.push_back(Solver(absl::StrCat(prefix, "climb"), of_items, Climb));
  }
  if (proposer == nullptr) return methods;
  for (const int samples : {1, 16}) {
    const std::string name = absl::StrCat("policy_", samples);
    methods.push_back(Policy(name, samples, /*polish=*/false, *proposer));
    methods.push_back(Policy(absl::StrCat(name, "_polish"), samples, /*polish=*/true, *proposer));
  }
  return methods;
}

}  // namespace giot::bench
