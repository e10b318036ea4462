#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "trainer/quality/usefulness.h"

namespace giot::bench {

// The weights of the usefulness label that a bundle was trained with, from the metrics in its manifest. NotFound
// without a manifest; InvalidArgument if a weight is missing.
absl::StatusOr<trainer::Weights> ReadLabelWeights(const std::filesystem::path& bundle);

}  // namespace giot::bench
