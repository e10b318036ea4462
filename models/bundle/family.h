#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace giot::bundle {

// The kinds of market that a policy may be for.
enum class Family { kScreening, kUncertain, kFreshness };

// "screening", "uncertain" or "freshness": as in manifests, and as policy::Environment
// calls itself.
absl::string_view NameOf(Family family);
std::optional<Family> ParseFamily(absl::string_view name);

// How many numbers a policy of the family sees and says; policy::PolicyShape, and the
// fewest types of a market.
struct FamilyShape {
  int types = 0;              // Most types of a market.
  int types_min = 0;          // Fewest.
  int globals = 0;            // G, of contract::PackedMarket.
  int type_features = 0;      // A type.
  int global_features = 0;    // A market.
  int proposal_features = 0;  // A type and denoising step.
  int channels = 0;           // C, levels a type.
};
const FamilyShape& ShapeOf(Family family);

// C K of any family at most.
inline constexpr int kMaxLevels = 75;

// What a bundle's ranges are about, by the names that contract::MarketTraits have.
absl::Span<const absl::string_view> TraitsOf(Family family);

}  // namespace giot::bundle
