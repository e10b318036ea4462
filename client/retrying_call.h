#pragma once

#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/clock.h"
#include "client/retry_policy.h"

namespace giot::client {

struct AttemptResult {
  absl::Status status;
  std::optional<absl::Duration> retry_after;  // The server's RetryInfo, where it sent one.
};

// Makes one attempt, which must end by `deadline`.
using Attempt = std::function<AttemptResult(absl::Time deadline)>;

// Attempts an idempotent call until it succeeds or NextRetry gives up; attempts
// and waits together end within `timeout`. Returns the last attempt's status,
// with the number of attempts in its message where there were several.
absl::Status CallWithRetries(const RetryPolicy& policy, absl::Duration timeout, Clock& clock, const Attempt& attempt);

}  // namespace giot::client
