#include "trainer/evaluation/gate.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/evaluation_flags.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/evaluation/held_out_values.h"
#include "trainer/evaluation/release.h"
#include "trainer/replace_file.h"

using giot::trainer::GateCriteria;

ABSL_FLAG(std::string, candidate, "", "gate: folder of the bundle to release");
ABSL_FLAG(std::string, release_root, "", "gate: folder of the released models");
ABSL_FLAG(std::string, decision, "", "gate: file for the decision; empty: gate-decision.json beside the candidate");
ABSL_FLAG(double, confidence, GateCriteria().confidence, "gate: that the candidate's mean ratio is higher, one-sided");
ABSL_FLAG(std::optional<double>, least_mean, std::nullopt,
          "gate: mean ratio that a first release must reach; empty: .9995 for screening, .997 for uncertain, .993 for "
          "freshness");
ABSL_FLAG(std::optional<double>, least_p01, std::nullopt,
          "gate: 1st percentile that a first release must reach; empty: .995, .97 and .96");

namespace giot::trainer {
namespace {

using Json = nlohmann::ordered_json;
using BundlePtr = std::shared_ptr<const bundle::Bundle>;

absl::StatusOr<GateCriteria> CriteriaFromFlags(bundle::Family family) {
  GateCriteria criteria = DefaultCriteria(family);
  criteria.confidence = absl::GetFlag(FLAGS_confidence);
  criteria.mean_min = absl::GetFlag(FLAGS_least_mean).value_or(criteria.mean_min);
  criteria.p01_min = absl::GetFlag(FLAGS_least_p01).value_or(criteria.p01_min);
  if (!(criteria.confidence > 0.0 && criteria.confidence < 1.0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--confidence: got ", criteria.confidence, ", want a value between 0 and 1"));
  }
  return criteria;
}

// The newest release of the model; null if there is none.
absl::StatusOr<BundlePtr> LoadIncumbent(const std::filesystem::path& root, const std::string& name) {
  const std::optional<std::filesystem::path> release = NewestRelease(root, name);
  if (!release) return BundlePtr();
  return bundle::Bundle::Load(*release);
}

// The number is part of the manifest, which may be signed: it cannot change here.
absl::Status CheckIsNextVersion(const bundle::Bundle& candidate, const bundle::Bundle* incumbent) {
  const int next = incumbent == nullptr ? 1 : incumbent->manifest().version + 1;
  if (candidate.manifest().version == next) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("version: got ", candidate.manifest().version, ", want ", next,
                                                    ", the next release; export with --model_version=", next));
}

absl::Status CheckSameFamily(const bundle::Bundle& candidate, const bundle::Bundle& incumbent) {
  if (candidate.manifest().family == incumbent.manifest().family) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("family: got ", bundle::NameOf(candidate.manifest().family),
                                                    ", but the release of that name is for ",
                                                    bundle::NameOf(incumbent.manifest().family)));
}

absl::StatusOr<GateDecision> Judge(const bundle::Bundle& candidate, const bundle::Bundle* incumbent,
                                   const EvaluationOptions& options, const GateCriteria& criteria) {
  const absl::StatusOr<HeldOutValues> values = MeasureHeldOut(candidate, options);
  if (!values.ok()) return values.status();
  if (Shares(*values).empty()) {
    return absl::FailedPreconditionError("no held-out market has a positive optimum");
  }
  if (incumbent == nullptr) return Decide(criteria, {Shares(*values), values->infeasible}, nullptr);
  if (absl::Status status = CheckSameFamily(candidate, *incumbent); !status.ok()) return status;
  EvaluationOptions searched = options;
  searched.reference_evaluations = 0;
  const absl::StatusOr<HeldOutValues> against = MeasureHeldOut(*incumbent, searched);
  if (!against.ok()) return against.status();
  const auto [candidate_shares, incumbent_shares] = PairedShares(*values, *against);
  const GateEntry incumbent_entry{incumbent_shares, against->infeasible};
  return Decide(criteria, {candidate_shares, values->infeasible}, &incumbent_entry);
}

Json Identity(const bundle::Bundle& bundle) {
  return {{"name", bundle.manifest().name}, {"version", bundle.manifest().version}, {"digest", bundle.digest()}};
}

std::string DecisionJson(const GateDecision& decision, const GateCriteria& criteria, const EvaluationOptions& options,
                         const bundle::Bundle& candidate, const bundle::Bundle* incumbent) {
  Json json = {{"promote", decision.promote},
               {"reasons", decision.reasons},
               {"markets", options.markets},
               {"seed", options.seed},
               {"samples", options.samples},
               {"reference_evaluations", options.reference_evaluations},
               {"candidate", Identity(candidate)},
               {"candidate_mean", decision.candidate_mean},
               {"candidate_p01", decision.candidate_p01}};
  if (incumbent == nullptr) {
    json["criteria"] = {{"least_mean", criteria.mean_min}, {"least_p01", criteria.p01_min}};
    return json.dump(2) + "\n";
  }
  json["incumbent"] = Identity(*incumbent);
  json["incumbent_mean"] = *decision.incumbent_mean;
  json["incumbent_p01"] = *decision.incumbent_p01;
  json["gain"] = {{"mean", decision.gain->mean},
                  {"standard_error", decision.gain->standard_error},
                  {"p_value", decision.gain->p_value}};
  json["criteria"] = {{"confidence", criteria.confidence}};
  return json.dump(2) + "\n";
}

std::filesystem::path DecisionPath(const std::filesystem::path& candidate) {
  const std::string chosen = absl::GetFlag(FLAGS_decision);
  if (!chosen.empty()) return chosen;
  return std::filesystem::absolute(candidate / "..").lexically_normal() / "gate-decision.json";
}

absl::StatusOr<int> Act(const GateDecision& decision, const std::filesystem::path& directory,
                        const bundle::Bundle& candidate, const std::filesystem::path& root) {
  for (const std::string& reason : decision.reasons) std::cout << reason << '\n';
  if (!decision.promote) {
    std::cout << "rejected\n";
    return kNotPromoted;
  }
  const absl::StatusOr<std::filesystem::path> release = PromoteBundle(directory, candidate, root);
  if (!release.ok()) return release.status();
  std::cout << "released: " << release->string() << '\n';
  return kDone;
}

}  // namespace

absl::StatusOr<int> Gate() {
  const std::string directory = absl::GetFlag(FLAGS_candidate);
  const std::filesystem::path root = absl::GetFlag(FLAGS_release_root);
  if (root.empty()) return absl::InvalidArgumentError("--release_root: got nothing, want a folder");
  const absl::StatusOr<BundlePtr> candidate = LoadBundle("candidate", directory);
  if (!candidate.ok()) return candidate.status();
  const bundle::Family family = (*candidate)->manifest().family;
  const absl::StatusOr<GateCriteria> criteria = CriteriaFromFlags(family);
  if (!criteria.ok()) return criteria.status();
  const absl::StatusOr<EvaluationOptions> options = EvaluationOptionsFromFlags(family);
  if (!options.ok()) return options.status();
  const absl::StatusOr<BundlePtr> incumbent = LoadIncumbent(root, (*candidate)->manifest().name);
  if (!incumbent.ok()) return incumbent.status();
  if (absl::Status status = CheckIsNextVersion(**candidate, incumbent->get()); !status.ok()) return status;

  const absl::StatusOr<GateDecision> decision = Judge(**candidate, incumbent->get(), *options, *criteria);
  if (!decision.ok()) return decision.status();
  const std::string json = DecisionJson(*decision, *criteria, *options, **candidate, incumbent->get());
  if (absl::Status status = ReplaceFile(DecisionPath(directory), json); !status.ok()) return status;
  return Act(*decision, directory, **candidate, root);
}

}  // namespace giot::trainer
