#include <cmath>

#include "absl/strings/str_cat.h"
#include "models/bundle/manifest.h"

namespace giot::bundle {
namespace {

std::string Wanted(const Range& range) {
  if (std::isinf(range.max)) return absl::StrCat("a value >= ", range.min);
  return absl::StrCat("a value in [", range.min, ", ", range.max, "]");
}

}  // namespace

std::optional<std::string> OutsideRanges(const MarketRanges& ranges, const contract::MarketTraits& traits) {
  for (const contract::MarketTrait& trait : traits) {
    const auto found = ranges.of.find(trait.name);
    if (found == ranges.of.end()) return absl::StrCat(trait.name, ": got ", trait.value, ", the model knows no range");
    const Range& range = found->second;
    // Written so that NaN is outside.
    if (trait.value >= range.min && trait.value <= range.max) continue;
    return absl::StrCat(trait.name, ": got ", trait.value, ", want ", Wanted(range));
  }
  return std::nullopt;
}

}  // namespace giot::bundle
