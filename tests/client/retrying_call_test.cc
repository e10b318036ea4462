#include "client/retrying_call.h"

#include <optional>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/client/fake_clock.h"

namespace giot::client {
namespace {

using absl::Milliseconds;
using absl::Seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const RetryPolicy kPolicy = {
    .max_attempts = 3, .initial_backoff = Milliseconds(100), .multiplier = 2.0, .max_backoff = Seconds(1)};
const AttemptResult kDone = {absl::OkStatus(), std::nullopt};
const AttemptResult kUnavailable = {absl::UnavailableError("down"), std::nullopt};

// Attempts that end as listed, one after the other, each after `taking`.
class Script {
 public:
  Script(FakeClock& clock, std::vector<AttemptResult> results, absl::Duration taking = absl::ZeroDuration())
      : clock_(clock), results_(std::move(results)), taking_(taking) {}

  Attempt AsAttempt() {
    return [this](absl::Time deadline) {
      deadlines_.push_back(deadline);
      clock_.Advance(taking_);
      return results_.at(deadlines_.size() - 1);
    };
  }
  const std::vector<absl::Time>& deadlines() const { return deadlines_; }

 private:
  FakeClock& clock_;
  std::vector<AttemptResult> results_;
  absl::Duration taking_;
  std::vector<absl::Time> deadlines_;
};

TEST(CallWithRetriesTest, SuccessNeedsOneAttempt) {
  FakeClock clock;
  Script script(clock, {kDone});
  EXPECT_TRUE(CallWithRetries(kPolicy, Seconds(10), clock, script.AsAttempt()).ok());
  EXPECT_THAT(clock.sleeps(), IsEmpty());
}

TEST(CallWithRetriesTest, RepeatsUntilItSucceeds) {
  FakeClock clock;
  Script script(clock, {kUnavailable, kUnavailable, kDone});
  EXPECT_TRUE(CallWithRetries(kPolicy, Seconds(10), clock, script.AsAttempt()).ok());
  ASSERT_THAT(clock.sleeps(), SizeIs(2));
  EXPECT_LE(clock.sleeps()[0], Milliseconds(100));
  EXPECT_LE(clock.sleeps()[1], Milliseconds(200));
}

TEST(CallWithRetriesTest, AttemptsAreBounded) {
  FakeClock clock;
  Script script(clock, {kUnavailable, kUnavailable, kUnavailable, kDone});
  const absl::Status status = CallWithRetries(kPolicy, Seconds(10), clock, script.AsAttempt());
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(script.deadlines(), SizeIs(3));
}

TEST(CallWithRetriesTest, EveryAttemptHasTheDeadlineOfTheWholeCall) {
  FakeClock clock;
  const absl::Time deadline = clock.Now() + Seconds(10);
  Script script(clock, {kUnavailable, kDone}, Seconds(3));
  EXPECT_TRUE(CallWithRetries(kPolicy, Seconds(10), clock, script.AsAttempt()).ok());
  EXPECT_THAT(script.deadlines(), ElementsAre(deadline, deadline));
}

TEST(CallWithRetriesTest, WhatMayNotBeRepeatedIsNot) {
  FakeClock clock;
  Script script(clock, {{absl::InvalidArgumentError("value_rate"), std::nullopt}, kDone});
  const absl::Status status = CallWithRetries(kPolicy, Seconds(10), clock, script.AsAttempt());
  EXPECT_EQ(status, absl::InvalidArgumentError("value_rate"));
}

TEST(CallWithRetriesTest, WaitsAsLongAsTheServerAsks) {
  FakeClock clock;
  Script script(clock, {{absl::ResourceExhaustedError("busy"), Seconds(4)}, kDone});
  EXPECT_TRUE(CallWithRetries(kPolicy, Seconds(10), clock, script.AsAttempt()).ok());
  ASSERT_THAT(clock.sleeps(), SizeIs(1));
  EXPECT_GE(clock.sleeps()[0], Seconds(4));
}

TEST(CallWithRetriesTest, DoesNotWaitPastItsDeadline) {
  FakeClock clock;
  Script script(clock, {{absl::ResourceExhaustedError("busy"), Seconds(4)}, kDone}, Seconds(7));
  const absl::Status status = CallWithRetries(kPolicy, Seconds(10), clock, script.AsAttempt());
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(clock.sleeps(), IsEmpty());
}

}  // namespace
}  // namespace giot::client
