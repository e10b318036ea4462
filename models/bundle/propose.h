#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "models/bundle/bundle.h"
#include "models/contract/packed_market.h"

namespace giot::bundle {

// Samples that go through the policy in one call of its runner.
inline constexpr int kProposalChunk = 16;

// The policy's proposals number `first` to first + samples - 1 of `seed` for a market of
// its family: `levels` (out) [samples, C K]. Proposal n has the noise of stream n, whatever
// company it is computed in. InvalidArgument if the sizes disagree; Internal if the
// runner fails. No heap on a fused runner.
absl::Status Propose(const Bundle& bundle, const contract::PackedMarket& market, std::uint64_t seed, int first,
                     int samples, absl::Span<double> levels);

}  // namespace giot::bundle
