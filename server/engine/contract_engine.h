#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "models/bundle/bundle.h"
#include "models/bundle/designer.h"
#include "models/contract/audit.h"
#include "models/contract/menu.h"
#include "models/contract/screening_market.h"
#include "server/engine/timings.h"

namespace giot::engine {

// Why the exact menu was served.
enum class ExactReason {
  kOutsideRanges,       // The model was not trained for such a market.
  kOptimumNotPositive,  // No ratio exists.
  kBelowFloor,          // The policy's menu fell below the floor.
  kSingleType,          // Only one type is worth serving.
  kAuditFailed,         // The policy's menu could not be posted, or did not pass its audit.
};

// What holds of the posted menu; money per vehicle.
struct Certificate {
  contract::AuditReport audit;         // Of the posted menu; Feasible(0).
  double optimal_utility = 0.0;        // Of the exact real-valued optimum.
  std::optional<double> ratio;         // utility / optimum, where the optimum is positive.
  std::optional<ExactReason> exact;    // nullopt: the policy's menu is served.
  std::string exact_text;              // More about it; may be empty.
  std::optional<double> policy_ratio;  // Of a policy menu that was not served.
};

struct Answer {
  contract::PostedMenu menu;
  Certificate certificate;
  Timings timings;
};

struct EngineOptions {
  // Least share of the optimum at which the policy's menu is served.
  double floor = 0.98;
};

// From a screening market to a certified posted menu; knows nothing of RPC. Thread-safe.
class ContractEngine {
 public:
  explicit ContractEngine(const EngineOptions& options) : options_(options) {}

  // Lets the bundle's policy design for the types that the exact optimum serves,
  // posts and audits its menu, and serves the exact one instead where the policy
  // must not or cannot (see ExactReason). Cancelled if `cancelled` says so;
  // InvalidArgument naming the budget if it is too small for whole micro-units;
  // OutOfRange if rewards are too large for them; Internal if the runner fails
  // or even the exact menu does not pass its audit.
  absl::StatusOr<Answer> Generate(const bundle::Bundle& bundle, const contract::ScreeningMarket& market,
                                  const bundle::DesignOptions& design, const std::function<bool()>& cancelled) const;

 private:
  EngineOptions options_;
};

}  // namespace giot::engine
