#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "models/contract/screening_market.h"

namespace giot::bundle {

// A policy that is ready to answer. Thread-safe; a call keeps its scratch
// memory on the stack or per thread.
class PolicyRunner {
 public:
  virtual ~PolicyRunner() = default;

  // "torchscript", "fused-avx512", "fused-avx2" or "fused-plain".
  virtual std::string_view name() const = 0;

  // Runs `samples` denoising chains on one market. `market` is normalised
  // (ScreeningMarket::Normalized) with 2..kMaxTypes types. `noise` is
  // [samples, steps, types], `levels` (out, in [-1, 1]) [samples, types], row
  // major. InvalidArgument if the sizes disagree; Internal if the policy
  // answers with a value that is not finite, or fails.
  virtual absl::Status Run(const contract::ScreeningMarket& market, absl::Span<const float> noise, int samples,
                           absl::Span<float> levels) const = 0;
};

}  // namespace giot::bundle
