#pragma once

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "models/bundle/family.h"
#include "models/contract/packed_market.h"

namespace giot::bundle {

// What every PolicyRunner checks before it runs (InvalidArgument) ...
absl::Status CheckSizes(const contract::PackedMarket& market, Family family, int steps, absl::Span<const float> noise,
                        int samples, absl::Span<const float> levels);

// ... and before it answers: Internal unless all levels lie in [-1, 1].
absl::Status CheckLevels(absl::Span<const float> levels);

}  // namespace giot::bundle
