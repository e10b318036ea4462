#include "client/retry_policy.h"

#include <algorithm>
#include <cmath>

#include "absl/random/distributions.h"

namespace giot::client {
namespace {

bool MayRetry(const FailedAttempt& failed) {
  return failed.code == absl::StatusCode::kUnavailable || failed.code == absl::StatusCode::kAborted ||
         (failed.code == absl::StatusCode::kResourceExhausted && failed.retry_after.has_value());
}

absl::Duration Backoff(const RetryPolicy& policy, int attempt) {
  return std::min(policy.max_backoff, policy.initial_backoff * std::pow(policy.multiplier, attempt - 1));
}

}  // namespace

std::optional<absl::Duration> NextRetry(const RetryPolicy& policy, const FailedAttempt& failed,
                                        absl::BitGenRef random) {
  if (failed.attempt >= policy.max_attempts || !MayRetry(failed)) return std::nullopt;
  const absl::Duration jittered =
      Backoff(policy, failed.attempt) * absl::Uniform(absl::IntervalClosed, random, 0.0, 1.0);
  // Clients that were told the same delay must not come back at the same moment.
  const absl::Duration wait = failed.retry_after.value_or(absl::ZeroDuration()) + jittered;
  if (wait >= failed.remaining) return std::nullopt;
  return wait;
}

}  // namespace giot::client
