#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/bundle/family.h"
#include "models/bundle/policy_runner.h"
#include "models/contract/packed_market.h"

namespace giot::bundle {

// The largest tolerance that a bundle may grant itself.
inline constexpr double kMaxCanaryTolerance = 1e-3;
// Runners of one bundle must answer alike to this.
inline constexpr double kRunnerAgreement = 1e-5;

// One market with the levels that the policy gave for it when it was exported.
struct CanaryCase {
  contract::PackedMarket market;
  std::vector<float> noise;   // [steps, C K]
  std::vector<float> levels;  // [C K]
};

// canary.json: shows, wherever the bundle is loaded, that the policy still
// computes what it was trained to compute.
struct Canary {
  double tolerance = 1e-4;  // On levels, absolute: LibTorch versions differ by some 1e-6.
  std::vector<CanaryCase> cases;
};

// Asks `runner` about markets of the family's training distribution, the same in every
// call: of few to many types, for screening with and without budget, for the others only
// cases whose answer does not hinge on rounding (steady_answers.h). Any
// error of the runner; Internal if it gives no such answer.
absl::StatusOr<Canary> RecordCanary(const PolicyRunner& runner, Family family, int steps);

// In the newest format.
std::string ToJson(const Canary& canary);

// Version 1, which knows screening alone, is read too. InvalidArgument naming the field if
// JSON is malformed, a field is missing or unknown, a market is invalid, or sizes are not
// those of the family and `steps`.
absl::StatusOr<Canary> ParseCanary(std::string_view json, Family family, int steps);

// DataLoss, naming runner and case, if a level differs by more than the
// tolerance or the runner fails.
absl::Status CheckCanary(const Canary& canary, const PolicyRunner& runner);

// How `runner` fails to answer as `reference` within kRunnerAgreement on the
// canary's markets, one sample and many; nullopt if it does not fail. But for screening,
// samples whose reference hinges on rounding do not count, and half of all must count.
std::optional<std::string> Disagreement(const Canary& canary, Family family, int steps, const PolicyRunner& reference,
                                        const PolicyRunner& runner);

}  // namespace giot::bundle
