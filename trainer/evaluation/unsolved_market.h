#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "models/bundle/bundle.h"
#include "models/bundle/family.h"
#include "models/search/objective.h"

namespace giot::trainer {

// What one menu is worth.
struct MenuValue {
  double utility = 0.0;   // Server, money a vehicle.
  bool feasible = false;  // Posted menus exactly, others to 1e-12 of the largest reward that may occur.
};

struct DesignValue {
  MenuValue designed;
  MenuValue posted;  // 0 and infeasible where the menu cannot be posted.
};

// A held-out market of a family whose optimum is not known. Not copied: objectives
// point into it. One thread at a time.
class UnsolvedMarket {
 public:
  virtual ~UnsolvedMarket() = default;

  virtual int types() const = 0;

  // No menu is worth more, money a vehicle.
  virtual double upper_bound() const = 0;

  // The menu that the policy designs as it is served (bundle::DesignMenu, no polishing), the
  // best of `samples`, and what is posted for it, both audited. Same seed, same menu.
  // Whatever DesignMenu returns.
  virtual absl::StatusOr<DesignValue> Design(const bundle::Bundle& bundle, int samples, std::uint64_t seed) const = 0;

  // What a policy's levels are worth, money a vehicle.
  virtual search::Objective& objective() = 0;

  // What one item for everybody is worth.
  virtual search::Objective& single_item_objective() = 0;
};

// Draws one market after the other from the family's training distribution; the same for
// the same seed. Aborts for the screening family, whose optimum is known.
std::function<std::unique_ptr<UnsolvedMarket>()> UnsolvedMarkets(bundle::Family family, std::uint64_t seed);

}  // namespace giot::trainer
