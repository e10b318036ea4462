#include "client/retry_policy.h"

#include <algorithm>
#include <optional>
#include <random>

#include "gtest/gtest.h"

namespace giot::client {
namespace {

using absl::Milliseconds;
using absl::Seconds;
using absl::StatusCode;

const RetryPolicy kPolicy = {
    .max_attempts = 4, .initial_backoff = Milliseconds(100), .multiplier = 3.0, .max_backoff = Milliseconds(500)};

FailedAttempt Failed(int attempt, StatusCode code) {
  return {.attempt = attempt, .code = code, .retry_after = std::nullopt, .remaining = Seconds(60)};
}

// The largest of many draws, which full jitter brings close to the backoff.
absl::Duration LargestWait(const FailedAttempt& failed) {
  std::mt19937_64 random(1);
  absl::Duration largest = -absl::InfiniteDuration();
  for (int i = 0; i < 1000; ++i) largest = std::max(largest, *NextRetry(kPolicy, failed, random));
  return largest;
}

TEST(NextRetryTest, RetriesOnlyWhatAServerMayRecoverFrom) {
  std::mt19937_64 random(1);
  for (const StatusCode code : {StatusCode::kUnavailable, StatusCode::kAborted}) {
    EXPECT_TRUE(NextRetry(kPolicy, Failed(1, code), random).has_value()) << absl::StatusCodeToString(code);
  }
  for (const StatusCode code : {StatusCode::kInvalidArgument, StatusCode::kNotFound, StatusCode::kInternal,
                                StatusCode::kDeadlineExceeded, StatusCode::kCancelled, StatusCode::kUnknown}) {
    EXPECT_FALSE(NextRetry(kPolicy, Failed(1, code), random).has_value()) << absl::StatusCodeToString(code);
  }
}

TEST(NextRetryTest, ResourceExhaustedIsRetriedOnlyWhereTheServerInvitesIt) {
  std::mt19937_64 random(1);
  FailedAttempt failed = Failed(1, StatusCode::kResourceExhausted);
  EXPECT_FALSE(NextRetry(kPolicy, failed, random).has_value());
  failed.retry_after = Milliseconds(10);
  EXPECT_TRUE(NextRetry(kPolicy, failed, random).has_value());
}

TEST(NextRetryTest, BackoffGrowsByTheMultiplierUpToItsCap) {
  EXPECT_GT(LargestWait(Failed(1, StatusCode::kUnavailable)), Milliseconds(95));
  EXPECT_LE(LargestWait(Failed(1, StatusCode::kUnavailable)), Milliseconds(100));
  EXPECT_GT(LargestWait(Failed(2, StatusCode::kUnavailable)), Milliseconds(290));
  EXPECT_LE(LargestWait(Failed(2, StatusCode::kUnavailable)), Milliseconds(300));
  EXPECT_GT(LargestWait(Failed(3, StatusCode::kUnavailable)), Milliseconds(480));
  EXPECT_LE(LargestWait(Failed(3, StatusCode::kUnavailable)), Milliseconds(500));
}

TEST(NextRetryTest, JitterSpreadsTheWaits) {
  std::mt19937_64 random(1);
  int below_half = 0;
  for (int i = 0; i < 1000; ++i) {
    if (*NextRetry(kPolicy, Failed(1, StatusCode::kUnavailable), random) < Milliseconds(50)) ++below_half;
  }
  EXPECT_NEAR(below_half, 500, 80);  // Five standard deviations of a fair coin.
}

TEST(NextRetryTest, NeverComesBackBeforeTheServerAllows) {
  std::mt19937_64 random(1);
  FailedAttempt failed = Failed(1, StatusCode::kResourceExhausted);
  failed.retry_after = Seconds(2);
  for (int i = 0; i < 100; ++i) EXPECT_GE(NextRetry(kPolicy, failed, random), Seconds(2));
}

TEST(NextRetryTest, GivesUpAfterTheLastAttempt) {
  std::mt19937_64 random(1);
  EXPECT_TRUE(NextRetry(kPolicy, Failed(3, StatusCode::kUnavailable), random).has_value());
  EXPECT_FALSE(NextRetry(kPolicy, Failed(4, StatusCode::kUnavailable), random).has_value());
}

TEST(NextRetryTest, GivesUpWhereTheWaitWouldOutlastTheDeadline) {
  std::mt19937_64 random(1);
  FailedAttempt failed = Failed(1, StatusCode::kResourceExhausted);
  failed.retry_after = Seconds(2);
  failed.remaining = Seconds(2);
  EXPECT_FALSE(NextRetry(kPolicy, failed, random).has_value());
}

}  // namespace
}  // namespace giot::client
