#include "models/bundle/family.h"

#include <array>

#include "models/contract/screening_columns.h"
#include "models/freshness/columns.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/tensors/features.h"
#include "models/screening/tensors/features.h"
#include "models/uncertain/columns.h"
#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/tensors/features.h"
#include "models/uncertain/uncertain_market.h"

namespace giot::bundle {
namespace {

// What is known of a family; in the order of the enumeration.
struct Entry {
  absl::string_view name;
  FamilyShape shape;
  absl::Span<const absl::string_view> traits;
};

constexpr std::array<absl::string_view, 10> kScreeningTraits = {
    "types",       "first_type",  "value_scale",    "value_rate",      "cost_curvature",
    "quality_min", "quality_max", "budget_quality", "probability_min", "spacing_min"};

constexpr std::array<absl::string_view, 13> kUncertainTraits = {
    "types",           "first_type",     "value_rate",          "cost_curvature",
    "vehicles",        "coverage_value", "threshold_value",     "threshold",
    "threshold_width", "outside_option", "participation_noise", "probability_min",
    "spacing_min"};

constexpr std::array<absl::string_view, 8> kFreshnessTraits = {"types",          "first_sensing",  "first_update",
                                                               "last_update",    "value_scale",    "value_rate",
                                                               "staleness_rate", "probability_min"};

const Entry kFamilies[] = {
    {"screening",
     {.types = contract::kMaxTypes,
      .types_min = 2,
      .globals = contract::kGlobalColumns,
      .type_features = screening::kTypeFeatures,
      .global_features = screening::kGlobalFeatures,
      .proposal_features = screening::kProposalFeatures,
      .channels = 1},
     kScreeningTraits},
    {"uncertain",
     {.types = uncertain::kMaxTypes,
      .types_min = 2,
      .globals = uncertain::kGlobalColumns,
      .type_features = uncertain::kTypeFeatures,
      .global_features = uncertain::kGlobalFeatures,
      .proposal_features = uncertain::kProposalFeatures,
      .channels = uncertain::kLevelChannels},
     kUncertainTraits},
    {"freshness",
     {.types = freshness::kMaxTypes,
      .types_min = 2,
      .globals = freshness::kGlobalColumns,
      .type_features = freshness::kTypeFeatures,
      .global_features = freshness::kGlobalFeatures,
      .proposal_features = freshness::kProposalFeatures,
      .channels = freshness::kLevelChannels},
     kFreshnessTraits},
};

static_assert(kMaxLevels >= contract::kMaxTypes && kMaxLevels >= uncertain::kLevelChannels * uncertain::kMaxTypes &&
              kMaxLevels >= freshness::kLevelChannels * freshness::kMaxTypes);

const Entry& EntryOf(Family family) { return kFamilies[static_cast<std::size_t>(family)]; }

}  // namespace

absl::string_view NameOf(Family family) { return EntryOf(family).name; }

std::optional<Family> ParseFamily(absl::string_view name) {
  for (const Family family : {Family::kScreening, Family::kUncertain, Family::kFreshness}) {
    if (name == NameOf(family)) return family;
  }
  return std::nullopt;
}

const FamilyShape& ShapeOf(Family family) { return EntryOf(family).shape; }

absl::Span<const absl::string_view> TraitsOf(Family family) { return EntryOf(family).traits; }

}  // namespace giot::bundle
