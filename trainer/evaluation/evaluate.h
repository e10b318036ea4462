#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "models/bundle/bundle.h"
#include "models/bundle/family.h"
#include "models/contract/market_sampler.h"

namespace giot::trainer {

// Whose menus are compared.
enum class Method : std::uint8_t { kPolicy, kPolicyPosted, kPooling, kLinearPrice, kRandomMonotone };
inline constexpr std::array kMethods = {Method::kPolicy, Method::kPolicyPosted, Method::kPooling, Method::kLinearPrice,
                                        Method::kRandomMonotone};
// "policy", "policy, posted", ...
const char* NameOf(Method method);

struct EvaluationOptions {
  contract::MarketDistribution distribution;  // Of screening markets.
  std::uint64_t seed = 20250001;              // Of the held-out markets, and of the policy's noise.
  int markets = 20'000;
  int samples = 1;  // Chains a menu, the best kept, as a request asks for.
  // The sampling spread is measured on the first so many markets, with so many
  // single chains each; spread_samples >= 2, or 0 to measure none.
  int spread_markets = 1'000;
  int spread_samples = 16;
  // Of the search that a policy is compared with where the optimum is not known, a market.
  int reference_evaluations = 15'000;
};

// What suits a family: so many markets take about a minute of one core.
EvaluationOptions DefaultEvaluation(bundle::Family family);

// What one menu is worth.
struct MenuOutcome {
  double ratio = 0.0;     // Server utility over the exact optimum; 0 if the optimum is not positive.
  bool feasible = false;  // Posted menus exactly, others to 1e-12 of the highest reward.
};

struct MarketOutcome {
  int types = 0;
  bool ironed = false;
  bool budget_binds = false;
  bool optimum_positive = false;  // Else no ratio means anything.
  std::array<MenuOutcome, kMethods.size()> menus;
  // Standard deviation of the ratio over single chains.
  std::optional<double> spread;

  const MenuOutcome& operator[](Method method) const { return menus[static_cast<std::size_t>(method)]; }
};

// Designs a menu for each of `options.markets` held-out markets, by the path
// that the server uses (DesignMenu), and by the baselines. The same for the
// same options and bundle, on one kind of CPU. Internal if the policy fails.
absl::StatusOr<std::vector<MarketOutcome>> EvaluateBundle(const bundle::Bundle& bundle,
                                                          const EvaluationOptions& options);

}  // namespace giot::trainer
