#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "models/bundle/bundle.h"
#include "trainer/evaluation/evaluate.h"
#include "trainer/evaluation/unsolved_market.h"

namespace giot::trainer {

// What is compared on markets whose optimum is not known.
enum class UnsolvedMethod : std::uint8_t { kPolicy, kPolicyPosted, kSearch, kSingleItem };
inline constexpr std::array kUnsolvedMethods = {UnsolvedMethod::kPolicy, UnsolvedMethod::kPolicyPosted,
                                                UnsolvedMethod::kSearch, UnsolvedMethod::kSingleItem};
// "policy", "policy, posted", "search", "single item".
const char* NameOf(UnsolvedMethod method);

struct UnsolvedOutcome {
  int types = 0;
  double upper_bound = 0.0;  // Money a vehicle.
  // By the decode, searched menus are feasible.
  std::array<MenuValue, kUnsolvedMethods.size()> menus;
  // Standard deviation of the utility over single chains, money a vehicle.
  std::optional<double> spread;

  const MenuValue& operator[](UnsolvedMethod method) const { return menus[static_cast<std::size_t>(method)]; }
  // The better of policy and search, what the policy's share is of. Not positive: no
  // ratio means anything.
  double BestFound() const;
};

// Designs a menu for each of `options.markets` held-out markets of the bundle's family,
// which is not screening, by the path that the server uses, and searches for one with
// `options.reference_evaluations`; with 0 of them search is worth 0. The same for the same
// options and bundle, on one kind of CPU; markets and search do not depend on the bundle.
// `options.distribution` is not used. Internal if the policy fails.
absl::StatusOr<std::vector<UnsolvedOutcome>> EvaluateUnsolved(const bundle::Bundle& bundle,
                                                              const EvaluationOptions& options);

}  // namespace giot::trainer
