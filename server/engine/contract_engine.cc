#include "server/engine/contract_engine.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/bundle/manifest.h"
#include "models/contract/exact.h"
#include "models/contract/market_traits.h"
#include "models/contract/post.h"

namespace giot::engine {
namespace {

struct Posted {
  contract::PostedMenu menu;
  contract::AuditReport audit;
};

absl::StatusOr<Posted> PostAndAudit(const contract::ScreeningMarket& market, const contract::Menu& menu) {
  absl::StatusOr<contract::PostedMenu> posted = contract::Post(market, menu);
  if (!posted.ok()) return posted.status();
  const contract::AuditReport audit = contract::Audit(market, *posted);
  if (!audit.Feasible(0.0)) {
    return absl::InternalError(absl::StrCat("posted menu fails its audit: IR slack ", audit.worst_ir_slack,
                                            ", IC slack ", audit.worst_ic_slack, ", budget slack ",
                                            audit.budget_slack));
  }
  return Posted{*std::move(posted), audit};
}

struct Refusal {
  ExactReason reason;
  std::string text;
};

// Why the policy is not even asked; nullopt if it is.
std::optional<Refusal> WhyNotAsk(const bundle::Bundle& bundle, const contract::ScreeningMarket& market,
                                 const contract::ExactSolution& exact) {
  if (exact.menu.size() < 2) return Refusal{ExactReason::kSingleType, ""};
  if (exact.utility_per_vehicle <= 0.0) return Refusal{ExactReason::kOptimumNotPositive, ""};
  const std::optional<contract::ScreeningMarket> served = market.Prefix(exact.menu.size());
  if (std::optional<std::string> outside = bundle::OutsideRanges(bundle.manifest().ranges, contract::Traits(*served))) {
    return Refusal{ExactReason::kOutsideRanges, *std::move(outside)};
  }
  return std::nullopt;
}

Answer Finish(Posted posted, double optimum, const Timings& timings) {
  Answer answer;
  answer.menu = posted.menu;
  answer.certificate.audit = posted.audit;
  answer.certificate.optimal_utility = optimum;
  if (optimum > 0.0) answer.certificate.ratio = posted.audit.utility_per_vehicle / optimum;
  answer.timings = timings;
  return answer;
}

}  // namespace

absl::StatusOr<Answer> ContractEngine::Generate(const bundle::Bundle& bundle, const contract::ScreeningMarket& market,
                                                const bundle::DesignOptions& design,
                                                const std::function<bool()>& cancelled) const {
  Timings timings;
  contract::ExactSolution exact;
  {
    const Stopwatch watch(timings.exact);
    exact = contract::SolveExact(market);
  }
  const double optimum = exact.utility_per_vehicle;
  std::optional<Refusal> refusal = WhyNotAsk(bundle, market, exact);
  std::optional<double> policy_ratio;
  if (!refusal) {
    absl::StatusOr<bundle::Design> designed = absl::UnknownError("");
    {
      const Stopwatch watch(timings.policy);
      designed = bundle::DesignMenu(bundle, market, exact.menu.size(), design, cancelled);
    }
    if (!designed.ok()) return designed.status();
    absl::StatusOr<Posted> posted = absl::UnknownError("");
    {
      const Stopwatch watch(timings.certify);
      posted = PostAndAudit(market, designed->menu);
    }
    if (posted.ok()) {
      policy_ratio = posted->audit.utility_per_vehicle / optimum;
      if (*policy_ratio >= options_.floor) return Finish(*std::move(posted), optimum, timings);
      refusal = Refusal{ExactReason::kBelowFloor,
                        absl::StrCat("policy reached ", *policy_ratio, " of the optimum, floor ", options_.floor)};
    } else {
      refusal = Refusal{ExactReason::kAuditFailed, std::string(posted.status().message())};
    }
  }
  absl::StatusOr<Posted> posted = absl::UnknownError("");
  {
    const Stopwatch watch(timings.certify);
    posted = PostAndAudit(market, exact.menu);
  }
  if (!posted.ok()) return posted.status();
  Answer answer = Finish(*std::move(posted), optimum, timings);
  answer.certificate.exact = refusal->reason;
  answer.certificate.exact_text = std::move(refusal->text);
  answer.certificate.policy_ratio = policy_ratio;
  return answer;
}

}  // namespace giot::engine
