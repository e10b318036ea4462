#include "server/engine/uncertain_engine.h"

#include "models/bundle/anytime_designer.h"
#include "models/uncertain/audit.h"
#include "models/uncertain/post.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/upper_bound.h"
#include "server/engine/anytime_answer.h"

namespace giot::engine {
namespace {

// See AnswerAnytime.
struct UncertainProblem {
  const bundle::Bundle* bundle;
  const std::optional<SearchCause>& search;
  const uncertain::UncertainMarket& market;
  const Effort& effort;
  const std::function<bool()>& cancelled;
  std::optional<uncertain::Scenarios> scenarios{};

  double UpperBound() { return uncertain::UtilityUpperBound(market, scenarios.emplace(market)); }
  absl::StatusOr<bundle::UncertainDesign> FindMenu() const {
    if (search) return bundle::SearchMenu(market, *scenarios, SearchBudget(effort, cancelled), effort.seed);
    return bundle::DesignMenu(*bundle, market, *scenarios, {effort.samples, effort.seed, PolishBudget(effort)},
                              cancelled);
  }
  absl::StatusOr<contract::PostedMenu> Post(const contract::Menu& menu) const { return uncertain::Post(market, menu); }
  uncertain::AuditReport Audit(const contract::PostedMenu& posted) const {
    return uncertain::Audit(market, *scenarios, posted);
  }
  static double Participation(const uncertain::AuditReport& audit) { return audit.participation; }
};

}  // namespace

absl::StatusOr<UncertainAnswer> Generate(const bundle::Bundle* bundle, const std::optional<SearchCause>& search,
                                         const uncertain::UncertainMarket& market, const Effort& effort,
                                         const std::function<bool()>& cancelled) {
  return AnswerAnytime<UncertainAnswer>(UncertainProblem{bundle, search, market, effort, cancelled}, search, cancelled);
}

}  // namespace giot::engine
