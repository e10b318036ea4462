#include "client/retrying_call.h"

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"

namespace giot::client {
namespace {

absl::Status AfterAttempts(const absl::Status& status, int attempts) {
  if (status.ok() || attempts == 1) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(), " (after ", attempts, " attempts)"));
}

}  // namespace

absl::Status CallWithRetries(const RetryPolicy& policy, absl::Duration timeout, Clock& clock, const Attempt& attempt) {
  const absl::Time deadline = clock.Now() + timeout;
  absl::InsecureBitGen random;
  for (int number = 1;; ++number) {
    const AttemptResult result = attempt(deadline);
    if (result.status.ok()) return result.status;
    const FailedAttempt failed = {.attempt = number,
                                  .code = result.status.code(),
                                  .retry_after = result.retry_after,
                                  .remaining = deadline - clock.Now()};
    const std::optional<absl::Duration> wait = NextRetry(policy, failed, random);
    if (!wait) return AfterAttempts(result.status, number);
    clock.Sleep(*wait);
  }
}

}  // namespace giot::client
