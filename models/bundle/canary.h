#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/bundle/policy_runner.h"
#include "models/contract/screening_market.h"

namespace giot::bundle {

// The largest tolerance that a bundle may grant itself.
inline constexpr double kMaxCanaryTolerance = 1e-3;
// Runners of one bundle must answer alike to this.
inline constexpr double kRunnerAgreement = 1e-5;

// One market with the levels that the policy gave for it when it was exported.
struct CanaryCase {
  contract::ScreeningMarket market;  // Normalised.
  std::vector<float> noise;          // [steps, types]
  std::vector<float> levels;         // [types]
};

// canary.json: shows, wherever the bundle is loaded, that the policy still
// computes what it was trained to compute.
struct Canary {
  double tolerance = 1e-4;  // On levels, absolute: LibTorch versions differ by some 1e-6.
  std::vector<CanaryCase> cases;
};

// Asks `runner` about markets with 2 to kMaxTypes types, with and without
// budget, the same in every call. Any error of the runner.
absl::StatusOr<Canary> RecordCanary(const PolicyRunner& runner, int steps);

std::string ToJson(const Canary& canary);

// InvalidArgument naming the field if JSON is malformed, a field is missing or
// unknown, a market is invalid, or sizes are not those of `steps`.
absl::StatusOr<Canary> ParseCanary(std::string_view json, int steps);

// DataLoss, naming runner and case, if a level differs by more than the
// tolerance or the runner fails.
absl::Status CheckCanary(const Canary& canary, const PolicyRunner& runner);

// How `runner` fails to answer as `reference` within kRunnerAgreement on the
// canary's markets, one sample and many; nullopt if it does not fail.
std::optional<std::string> Disagreement(const Canary& canary, int steps, const PolicyRunner& reference,
                                        const PolicyRunner& runner);

}  // namespace giot::bundle
