#pragma once

#include <optional>

#include "absl/random/bit_gen_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

namespace giot::client {

// How an idempotent call is repeated: exponential backoff with full jitter.
struct RetryPolicy {
  int max_attempts = 4;  // The first one included; 1 never retries.
  absl::Duration initial_backoff = absl::Milliseconds(20);
  double multiplier = 2.0;
  absl::Duration max_backoff = absl::Seconds(1);
};

struct FailedAttempt {
  int attempt = 1;  // 1 for the first.
  absl::StatusCode code = absl::StatusCode::kUnknown;
  // The server's RetryInfo, where it sent one.
  std::optional<absl::Duration> retry_after;
  // What is left of the call's deadline.
  absl::Duration remaining;
};

// How long to wait before the next attempt, or nullopt to give up: the code is
// not UNAVAILABLE, ABORTED or RESOURCE_EXHAUSTED, the attempts are used up, or the
// wait would take the rest of the deadline. RESOURCE_EXHAUSTED without RetryInfo is
// final: the server did not shed load, the request itself is too large. The
// wait is uniform in [0, backoff] and never below what the server asks for.
std::optional<absl::Duration> NextRetry(const RetryPolicy& policy, const FailedAttempt& failed, absl::BitGenRef random);

}  // namespace giot::client
