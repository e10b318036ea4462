#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "models/contract/packed_market.h"

namespace giot::bundle {

// A policy that is ready to answer for markets of its family. Thread-safe; a call
// keeps its scratch memory on the stack or per thread.
class PolicyRunner {
 public:
  virtual ~PolicyRunner() = default;

  // "torchscript", "fused-avx512", "fused-avx2" or "fused-plain".
  virtual std::string_view name() const = 0;

  // Runs `samples` denoising chains on one market, which the family's Pack has packed.
  // `noise` is [samples, steps, C K], `levels` (out, in [-1, 1]) [samples, C K], row
  // major: channel by channel, type by type within a channel, no padding.
  // InvalidArgument if the sizes disagree; Internal if the policy answers with a
  // value that is not finite, or fails.
  virtual absl::Status Run(const contract::PackedMarket& market, absl::Span<const float> noise, int samples,
                           absl::Span<float> levels) const = 0;
};

}  // namespace giot::bundle
