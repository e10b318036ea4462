#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/engine/anytime.h"
#include "server/engine/timings.h"

namespace giot::engine {

// The way from a market to a certified posted menu that families without a closed form
// share. `Answer` has members menu, certificate (BoundCertificate) and timings; a
// `Problem` knows one market of its family:
//
//   double UpperBound()                what no menu exceeds; asked first, once
//   StatusOr<Design> FindMenu()        a menu, with `menu` and `evaluations`
//   StatusOr<Posted> Post(menu)        in whole micro-units
//   AuditReport Audit(posted)          with utility_per_vehicle, both slacks and Feasible()
//   static double Participation(audit)
//
// Cancelled if `cancelled` (may be null) says so; Internal if the posted menu does not
// pass its audit; errors of the problem.
template <typename Answer, typename Problem>
absl::StatusOr<Answer> AnswerAnytime(Problem problem, const std::optional<SearchCause>& search,
                                     const std::function<bool()>& cancelled) {
  Answer answer;
  std::optional<Stopwatch> watch(answer.timings.exact);
  const double upper_bound = problem.UpperBound();

  watch.emplace(answer.timings.policy);
  const auto design = problem.FindMenu();
  if (!design.ok()) return design.status();
  if (cancelled && cancelled()) return absl::CancelledError("while the menu was improved");

  watch.emplace(answer.timings.certify);
  auto posted = problem.Post(design->menu);
  if (!posted.ok()) return posted.status();
  const auto audit = problem.Audit(*posted);
  if (!audit.Feasible(0.0)) {
    return absl::InternalError(absl::StrCat("posted menu fails its audit: IR slack ", audit.worst_ir_slack,
                                            ", IC slack ", audit.worst_ic_slack));
  }
  answer.menu = *std::move(posted);
  BoundCertificate& certificate = answer.certificate;
  certificate.utility = audit.utility_per_vehicle;
  certificate.upper_bound = upper_bound;
  if (upper_bound > 0.0) certificate.bound_ratio = audit.utility_per_vehicle / upper_bound;
  certificate.worst_ir_slack = audit.worst_ir_slack;
  certificate.worst_ic_slack = audit.worst_ic_slack;
  certificate.participation = Problem::Participation(audit);
  certificate.evaluations = design->evaluations;
  certificate.search = search;
  watch.reset();
  return answer;
}

}  // namespace giot::engine
