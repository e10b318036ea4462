#include "models/bundle/run_check.h"

#include "absl/strings/str_cat.h"

namespace giot::bundle {

absl::Status CheckSizes(const contract::PackedMarket& market, Family family, int steps, absl::Span<const float> noise,
                        int samples, absl::Span<const float> levels) {
  const FamilyShape& shape = ShapeOf(family);
  if (market.types < shape.types_min || market.types > shape.types) {
    return absl::InvalidArgumentError(
        absl::StrCat("market: got ", market.types, " types, want ", shape.types_min, " to ", shape.types));
  }
  if (market.globals != shape.globals) {
    return absl::InvalidArgumentError(
        absl::StrCat("market: got ", market.globals, " globals, want ", shape.globals, " of family ", NameOf(family)));
  }
  if (samples < 1) return absl::InvalidArgumentError(absl::StrCat("samples: got ", samples, ", want at least 1"));
  const auto size = static_cast<std::size_t>(samples) * static_cast<std::size_t>(shape.channels * market.types);
  if (levels.size() != size) {
    return absl::InvalidArgumentError(absl::StrCat("levels: got ", levels.size(), " values, want ", size));
  }
  if (noise.size() != size * static_cast<std::size_t>(steps)) {
    return absl::InvalidArgumentError(
        absl::StrCat("noise: got ", noise.size(), " values, want ", size * static_cast<std::size_t>(steps)));
  }
  return absl::OkStatus();
}

absl::Status CheckLevels(absl::Span<const float> levels) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    // Written so that NaN fails.
    if (!(levels[i] >= -1.0F && levels[i] <= 1.0F)) {
      return absl::InternalError(absl::StrCat("policy: level ", i, ": got ", levels[i], ", want a value in [-1, 1]"));
    }
  }
  return absl::OkStatus();
}

}  // namespace giot::bundle
