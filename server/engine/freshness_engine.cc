#include "server/engine/freshness_engine.h"

#include "models/bundle/anytime_designer.h"
#include "models/freshness/audit.h"
#include "models/freshness/post.h"
#include "models/freshness/upper_bound.h"
#include "server/engine/anytime_answer.h"

namespace giot::engine {
namespace {

// See AnswerAnytime.
struct FreshnessProblem {
  const bundle::Bundle* bundle;
  const std::optional<SearchCause>& search;
  const freshness::FreshnessMarket& market;
  const Effort& effort;
  const std::function<bool()>& cancelled;

  double UpperBound() const { return freshness::FirstBestUtility(market); }
  absl::StatusOr<bundle::FreshnessDesign> FindMenu() const {
    if (search) return bundle::SearchMenu(market, SearchBudget(effort, cancelled), effort.seed);
    return bundle::DesignMenu(*bundle, market, {effort.samples, effort.seed, PolishBudget(effort)}, cancelled);
  }
  absl::StatusOr<freshness::PostedMenu> Post(const freshness::Menu& menu) const {
    return freshness::Post(market, menu);
  }
  freshness::AuditReport Audit(const freshness::PostedMenu& posted) const { return freshness::Audit(market, posted); }
  static double Participation(const freshness::AuditReport& audit) { return audit.realised.participation; }
};

}  // namespace

absl::StatusOr<FreshnessAnswer> Generate(const bundle::Bundle* bundle, const std::optional<SearchCause>& search,
                                         const freshness::FreshnessMarket& market, const Effort& effort,
                                         const std::function<bool()>& cancelled) {
  return AnswerAnytime<FreshnessAnswer>(FreshnessProblem{bundle, search, market, effort, cancelled}, search, cancelled);
}

}  // namespace giot::engine
