#include "server/ledger/cometbft/submissions.h"

#include <gtest/gtest.h>

#include <future>
#include <string>

#include "absl/status/status.h"

namespace giot::ledger {
namespace {

constexpr std::chrono::hours kNever{1};

OpenedTransaction Numbered(std::uint8_t number) {
  OpenedTransaction transaction;
  transaction.envelope = std::string(10, static_cast<char>(number));
  transaction.id[0] = number;
  return transaction;
}

Placed PlacedAt(std::uint8_t number, std::uint64_t height) {
  Placed placed;
  placed.id[0] = number;
  placed.height = height;
  return placed;
}

absl::Status Add(Submissions& submissions, std::uint8_t number) {
  Driver::Done done = [](const absl::StatusOr<Placed>&) {};
  return submissions.Add(Numbered(number), done);
}

Submissions::Limits Roomy() { return {.most = 10, .most_bytes = 1'000, .give_up = kNever, .again = kNever}; }

TEST(SubmissionsTest, FreshOnesFirstThenAgain) {
  Submissions::Limits limits = Roomy();
  limits.again = std::chrono::milliseconds(1);
  Submissions submissions(limits);
  ASSERT_TRUE(Add(submissions, 1).ok());
  EXPECT_TRUE(submissions.NextAttempt()->is_first);
  ASSERT_TRUE(Add(submissions, 2).ok());
  const auto second = submissions.NextAttempt();
  EXPECT_EQ(second->id[0], 2);
  EXPECT_TRUE(second->is_first);
  const auto again = submissions.NextAttempt();
  EXPECT_EQ(again->id[0], 1);
  EXPECT_FALSE(again->is_first);
}

TEST(SubmissionsTest, WhatIsPlacedIsNotTriedAndToldOnceAgreed) {
  Submissions submissions(Roomy());
  ASSERT_TRUE(Add(submissions, 1).ok());
  ASSERT_TRUE(Add(submissions, 2).ok());
  submissions.Place(PlacedAt(1, 7));
  EXPECT_EQ(submissions.NextAttempt()->id[0], 2);
  submissions.Agree(6);
  EXPECT_TRUE(submissions.IsWaiting(PlacedAt(1, 7).id));
  submissions.Agree(7);
  EXPECT_FALSE(submissions.IsWaiting(PlacedAt(1, 7).id));
  EXPECT_EQ(submissions.NextTold()->answer->height, 7u);
}

TEST(SubmissionsTest, FirstPlaceCounts) {
  Submissions submissions(Roomy());
  ASSERT_TRUE(Add(submissions, 1).ok());
  submissions.Place(PlacedAt(1, 7));
  submissions.Place(PlacedAt(1, 8));
  submissions.Agree(9);
  EXPECT_EQ(submissions.NextTold()->answer->height, 7u);
}

TEST(SubmissionsTest, IsBoundedByCallsAndBytes) {
  Submissions::Limits limits = Roomy();
  limits.most = 2;
  Submissions few(limits);
  EXPECT_TRUE(Add(few, 1).ok());
  EXPECT_TRUE(Add(few, 1).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(Add(few, 1)));
  few.Answer(Numbered(1).id, absl::InvalidArgumentError("x"));
  EXPECT_EQ(few.NextTold()->dones.size(), 2u);
  EXPECT_TRUE(Add(few, 2).ok());

  limits = Roomy();
  limits.most_bytes = 15;
  Submissions small(limits);
  EXPECT_TRUE(Add(small, 1).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(Add(small, 2)));
  EXPECT_TRUE(Add(small, 1).ok());
}

TEST(SubmissionsTest, GivesUpInTime) {
  Submissions::Limits limits = Roomy();
  limits.give_up = std::chrono::milliseconds(5);
  Submissions submissions(limits);
  std::future<bool> told =
      std::async(std::launch::async, [&] { return absl::IsAborted(submissions.NextTold()->answer.status()); });
  ASSERT_TRUE(Add(submissions, 1).ok());
  EXPECT_TRUE(told.get());
}

TEST(SubmissionsTest, AnOldDeadlineDoesNotEndANewSubmission) {
  Submissions::Limits limits = Roomy();
  limits.give_up = std::chrono::milliseconds(200);
  Submissions submissions(limits);
  ASSERT_TRUE(Add(submissions, 1).ok());
  submissions.Answer(Numbered(1).id, absl::InvalidArgumentError("x"));
  EXPECT_TRUE(absl::IsInvalidArgument(submissions.NextTold()->answer.status()));
  const auto start = Submissions::Clock::now();
  ASSERT_TRUE(Add(submissions, 1).ok());
  EXPECT_TRUE(absl::IsAborted(submissions.NextTold()->answer.status()));
  EXPECT_GE(Submissions::Clock::now() - start, limits.give_up);
}

TEST(SubmissionsTest, ClosingAnswersByWhetherTheEngineMayHaveIt) {
  Submissions submissions(Roomy());
  ASSERT_TRUE(Add(submissions, 1).ok());
  ASSERT_EQ(submissions.NextAttempt()->id[0], 1);
  ASSERT_TRUE(Add(submissions, 2).ok());
  std::future<bool> attempts = std::async(std::launch::async, [&] {
    while (submissions.NextAttempt()) {
    }
    return true;
  });
  // The second may be tried before it is closed.
  submissions.Close(absl::UnavailableError("closed"));
  EXPECT_TRUE(attempts.get());
  EXPECT_TRUE(absl::IsAborted(submissions.NextTold()->answer.status()));
  const absl::Status second = submissions.NextTold()->answer.status();
  EXPECT_TRUE(absl::IsAborted(second) || absl::IsUnavailable(second));
  EXPECT_FALSE(submissions.NextTold().has_value());
  EXPECT_TRUE(absl::IsUnavailable(Add(submissions, 3)));
}

}  // namespace
}  // namespace giot::ledger
