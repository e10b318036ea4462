#pragma once

#include <cstdint>

#include "absl/types/span.h"

namespace giot::policy {

// Fills `out` with standard normal numbers that depend on (seed, stream) alone:
// Philox-4x32-10 (Salmon et al. 2011) and Box-Muller in double precision. The
// sampler gives sample n of a request stream n; a longer span continues a
// shorter one.
void FillGaussian(std::uint64_t seed, std::uint64_t stream, absl::Span<float> out);

}  // namespace giot::policy
