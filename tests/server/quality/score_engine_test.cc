#include "server/quality/score_engine.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/quality/scratch.h"
#include "tests/server/quality/test_quality_model.h"
#include "tests/server/quality/test_recording.h"

namespace giot::scoring {
namespace {

using absl::StatusCode;
using testing::ElementsAre;

constexpr std::int64_t kNow = 1'700'000'000'000'000;

// Says of every image how many of its source came before: what history it was given.
absl::StatusOr<quality::SensingScore> CountHistory(std::string_view image, const quality::Capture& capture,
                                                   const quality::Requirements&, std::string_view,
                                                   const quality::SourceHistory& history,
                                                   const quality::ScoreOptions&) {
  if (image == "bad") return absl::InvalidArgumentError("image: bad");
  quality::SensingScore score;
  score.quality = static_cast<double>(history.seen.size());
  score.seen.sha256 = quality::Sha256(image);
  score.seen.captured_at_us = capture.captured_at_us;
  return score;
}

ScoreEngineOptions Options() {
  ScoreEngineOptions options;
  options.now_us = [] { return kNow; };
  options.scorer = CountHistory;
  return options;
}

std::unique_ptr<ScoreEngine> MakeEngine(const ScoreEngineOptions& options = Options()) {
  auto engine = ScoreEngine::Create(quality::IndifferentModel(), options);
  EXPECT_TRUE(engine.ok()) << engine.status();
  return *std::move(engine);
}

Submission Delivery(std::string_view image, const std::string& source = "car") {
  Submission submission;
  submission.data = Image{image, {}, false};
  submission.capture.source_id = source;
  submission.capture.captured_at_us = kNow - 1;
  return submission;
}

absl::Status Always() { return absl::OkStatus(); }

// An answer that comes on another thread.
class Answer {
 public:
  ScoreEngine::Done Receiver() {
    return [this](const absl::StatusOr<Scored>& scored) { promise_.set_value(scored); };
  }
  absl::StatusOr<Scored> Wait() { return promise_.get_future().get(); }

 private:
  std::promise<absl::StatusOr<Scored>> promise_;
};

absl::StatusOr<Scored> ScoreOne(ScoreEngine& engine, const Submission& submission) {
  Answer answer;
  engine.Score(submission, Always, answer.Receiver());
  return answer.Wait();
}

// A scorer that waits to be let go.
struct Gate {
  std::latch entered{1};
  std::latch open{1};

  ScoreEngineOptions Guarding(ScoreEngineOptions options) {
    options.scorer = [this](auto&&... arguments) {
      if (!entered.try_wait()) entered.count_down();
      open.wait();
      return CountHistory(arguments...);
    };
    return options;
  }
};

TEST(ScoreEngineTest, RemembersWhatASourceSent) {
  const auto engine = MakeEngine();
  EXPECT_EQ(ScoreOne(*engine, Delivery("1"))->score.quality, 0.0);
  EXPECT_EQ(ScoreOne(*engine, Delivery("2"))->score.quality, 1.0);
  EXPECT_EQ(ScoreOne(*engine, Delivery("3", "another"))->score.quality, 0.0);
}

TEST(ScoreEngineTest, DoesNotRememberWhatWasRefused) {
  const auto engine = MakeEngine();
  EXPECT_EQ(ScoreOne(*engine, Delivery("bad")).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ScoreOne(*engine, Delivery("good"))->score.quality, 0.0);
}

TEST(ScoreEngineTest, DeliveriesOfASourceSentAtTheSameTimeAreScoredInOrder) {
  ScoreEngineOptions options = Options();
  options.threads = 4;
  const auto engine = MakeEngine(options);
  std::vector<std::string> images;
  for (int i = 0; i < 50; ++i) images.push_back(std::to_string(i));
  std::vector<Answer> answers(images.size());
  for (std::size_t i = 0; i < images.size(); ++i) engine->Score(Delivery(images[i]), Always, answers[i].Receiver());
  for (std::size_t i = 0; i < images.size(); ++i) {
    EXPECT_EQ(answers[i].Wait()->score.quality, static_cast<double>(i));
  }
}

TEST(ScoreEngineTest, StatesWhenItArrivedAndWhatTheNonceIs) {
  ScoreEngineOptions options = Options();
  options.nonce_secret_file = Scratch() / "secret";
  std::string used;
  options.scorer = [&used](std::string_view image, const quality::Capture& capture,
                           const quality::Requirements& requirements, std::string_view nonce,
                           const quality::SourceHistory& history, const quality::ScoreOptions& score) {
    used = nonce;
    return CountHistory(image, capture, requirements, nonce, history, score);
  };
  const auto engine = MakeEngine(options);
  const auto scored = ScoreOne(*engine, Delivery("image"));
  ASSERT_TRUE(scored.ok()) << scored.status();
  EXPECT_EQ(scored->requirements.received_at_us, kNow);
  EXPECT_EQ(scored->data_sha256, quality::Sha256("image"));
  EXPECT_EQ(quality::BytesOf(scored->nonce.value()), used);
  const auto secret = NonceSecret::FromFile(options.nonce_secret_file);
  EXPECT_EQ(scored->nonce, secret->NonceFor("car", quality::Sha256("image")));
  EXPECT_EQ(engine->nonce_commitment(), secret->Commitment());
}

TEST(ScoreEngineTest, ARepeatedCallGetsTheFirstAnswerAndIsNoReplay) {
  const auto engine = MakeEngine();
  Submission delivery = Delivery("image");
  delivery.submission_id = "7";
  const auto first = ScoreOne(*engine, delivery);
  ASSERT_TRUE(ScoreOne(*engine, Delivery("another")).ok());
  const auto again = ScoreOne(*engine, delivery);
  EXPECT_FALSE(first->repeated);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->score.quality, first->score.quality);
  EXPECT_EQ(ScoreOne(*engine, Delivery("third"))->score.quality, 2.0);  // Remembered once.
}

TEST(ScoreEngineTest, AChannelHasHistoriesOfItsOwnAndTheSameNonces) {
  const auto engine = MakeEngine();
  const auto open = ScoreOne(*engine, Delivery("image"));
  Submission delivery = Delivery("image");
  delivery.channel = "\377delivery ";
  const auto apart = ScoreOne(*engine, delivery);
  EXPECT_EQ(apart->score.quality, 0.0);
  EXPECT_EQ(apart->nonce, open->nonce);
  EXPECT_EQ(ScoreOne(*engine, delivery)->score.quality, 1.0);
  EXPECT_EQ(ScoreOne(*engine, Delivery("image"))->score.quality, 1.0);
}

TEST(ScoreEngineTest, ARepeatedCallWhoseSignatureDoesNotVerifyGetsNoAnswer) {
  const auto engine = MakeEngine();
  Submission delivery = Delivery("image");
  delivery.submission_id = "7";
  ASSERT_TRUE(ScoreOne(*engine, delivery).ok());
  delivery.signature.emplace().signature.fill(0xff);
  EXPECT_EQ(ScoreOne(*engine, delivery).status().code(), StatusCode::kInvalidArgument);
}

TEST(ScoreEngineTest, WithoutASubmissionIdTheSameImageIsANewDelivery) {
  const auto engine = MakeEngine();
  ASSERT_TRUE(ScoreOne(*engine, Delivery("image")).ok());
  const auto again = ScoreOne(*engine, Delivery("image"));
  EXPECT_FALSE(again->repeated);
  EXPECT_EQ(again->score.quality, 1.0);
}

TEST(ScoreEngineTest, WhatIsNotWantedAnyMoreIsDroppedUnseen) {
  Gate gate;
  const auto engine = MakeEngine(gate.Guarding(Options()));
  Answer blocking, cancelled, last;
  engine->Score(Delivery("1"), Always, blocking.Receiver());
  gate.entered.wait();
  std::atomic<bool> wanted = true;
  engine->Score(
      Delivery("2"), [&wanted] { return wanted ? absl::OkStatus() : absl::CancelledError("gone"); },
      cancelled.Receiver());
  engine->Score(Delivery("3"), Always, last.Receiver());
  wanted = false;
  gate.open.count_down();
  EXPECT_EQ(cancelled.Wait().status().code(), StatusCode::kCancelled);
  EXPECT_EQ(last.Wait()->score.quality, 1.0);
}

TEST(ScoreEngineTest, AFullQueueRefusesWithTheReason) {
  Gate gate;
  ScoreEngineOptions options = gate.Guarding(Options());
  options.queue.deliveries = 1;
  const auto engine = MakeEngine(options);
  Answer first, second;
  engine->Score(Delivery("1"), Always, first.Receiver());
  gate.entered.wait();
  engine->Score(Delivery("2", "another"), Always, second.Receiver());
  const absl::Status status = second.Wait().status();
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("1 waiting is the limit"));
  gate.open.count_down();
  EXPECT_TRUE(first.Wait().ok());
}

TEST(ScoreEngineTest, ClosingAnswersWhatWaits) {
  Gate gate;
  auto engine = MakeEngine(gate.Guarding(Options()));
  Answer running, waiting;
  engine->Score(Delivery("1"), Always, running.Receiver());
  gate.entered.wait();
  engine->Score(Delivery("2"), Always, waiting.Receiver());
  auto closed = std::async(std::launch::async, [&engine] { engine.reset(); });
  gate.open.count_down();
  EXPECT_TRUE(running.Wait().ok());
  const absl::StatusOr<Scored> last = waiting.Wait();
  // Whether it came to its turn before the engine closed is up to the threads.
  EXPECT_TRUE(last.ok() || last.status().code() == StatusCode::kUnavailable) << last.status();
  closed.get();
}

TEST(ScoreEngineTest, ACaptureFromTheFutureIsRefused) {
  const auto engine = MakeEngine();
  Submission delivery = Delivery("image");
  delivery.capture.captured_at_us = kNow + ScoreEngine::kMostAhead.count();
  EXPECT_TRUE(ScoreOne(*engine, delivery).ok());
  ++delivery.capture.captured_at_us;
  EXPECT_EQ(ScoreOne(*engine, delivery).status().code(), StatusCode::kInvalidArgument);
}

TEST(ScoreEngineTest, OnlyAVerifiedSignatureCounts) {
  ScoreEngineOptions options = Options();
  options.scorer = [](std::string_view image, const quality::Capture& capture,
                      const quality::Requirements& requirements, std::string_view nonce,
                      const quality::SourceHistory& history, const quality::ScoreOptions& score) {
    auto scored = CountHistory(image, capture, requirements, nonce, history, score);
    scored->quality = capture.is_signed ? 1.0 : 0.0;
    return scored;
  };
  const auto engine = MakeEngine(options);
  const quality::SecretKey secret_key = quality::SecretKeyFrom({});
  Submission delivery = Delivery("image");
  delivery.capture.is_signed = true;  // The caller's word for it does not count.
  EXPECT_EQ(ScoreOne(*engine, delivery)->score.quality, 0.0);
  delivery.signature = quality::Sign(delivery.capture, quality::Sha256("image"), secret_key);
  EXPECT_EQ(ScoreOne(*engine, delivery)->score.quality, 1.0);
  delivery.data = Image{"another", {}, false};
  EXPECT_EQ(ScoreOne(*engine, delivery).status().code(), StatusCode::kInvalidArgument);
  delivery.data = Image{"image", {}, false};
  ++delivery.capture.latitude;
  EXPECT_EQ(ScoreOne(*engine, delivery).status().code(), StatusCode::kInvalidArgument);
}

Submission Delivery(const Recording& recording) {
  Submission submission = Delivery("");
  submission.data = recording;
  return submission;
}

// A report of a vehicle that drives north at 10 m/s, so many seconds after the first.
Submission Report(double seconds) {
  Submission submission = Delivery("");
  submission.capture.captured_at_us = kNow - 10'000'000 + static_cast<std::int64_t>(seconds * 1e6);
  submission.capture.latitude = 47.0 + seconds * 10.0 / 111'195.0;
  submission.requirements.fresh_for_s = 60.0;
  submission.data = Motion{10.0, 0.0};
  return submission;
}

TEST(ScoreEngineTest, ARecordingThatWasSentBeforeIsAReplay) {
  const auto engine = MakeEngine();
  const std::string sound = quality::SomeRecording(1);
  const auto first = ScoreOne(*engine, Delivery(Recording{sound}));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->score.quality, 1.0);
  EXPECT_FALSE(first->nonce.has_value());
  EXPECT_EQ(first->data_sha256, quality::Sha256(sound));
  const auto again = ScoreOne(*engine, Delivery(Recording{sound}));
  EXPECT_EQ(again->score.quality, 0.0);
  EXPECT_THAT(again->score.flags, testing::Contains(quality::Flag::kReplay));
  const std::string another = quality::SomeRecording(2);
  EXPECT_EQ(ScoreOne(*engine, Delivery(Recording{another}))->score.quality, 1.0);
}

TEST(ScoreEngineTest, AReportIsComparedWithTheLatestAlsoAfterAnOldOne) {
  const auto engine = MakeEngine();
  for (const double seconds : {0.0, 1.0, 2.0}) EXPECT_EQ(ScoreOne(*engine, Report(seconds))->score.quality, 1.0);
  // A whole trip sent again, in its order.
  for (const double seconds : {0.0, 0.5, 1.0}) {
    const auto old = ScoreOne(*engine, Report(seconds));
    ASSERT_TRUE(old.ok()) << old.status();
    EXPECT_EQ(old->score.quality, 0.0);
    EXPECT_EQ(old->report->order, 0.0);
  }
  EXPECT_EQ(ScoreOne(*engine, Report(3.0))->score.quality, 1.0);
  Submission jump = Report(4.0);
  jump.capture.latitude += 0.01;  // A kilometre in a second.
  EXPECT_EQ(ScoreOne(*engine, jump)->report->displacement, 0.0);
}

TEST(ScoreEngineTest, NoKindOfDataIsSeenInTheHistoryOfAnother) {
  const auto engine = MakeEngine();
  const std::string sound = quality::SomeRecording(1);
  ASSERT_TRUE(ScoreOne(*engine, Report(0.0)).ok());
  ASSERT_TRUE(ScoreOne(*engine, Delivery(Recording{sound})).ok());
  EXPECT_EQ(ScoreOne(*engine, Delivery("1"))->score.quality, 0.0);
  const std::string another = quality::SomeRecording(2);
  ASSERT_TRUE(ScoreOne(*engine, Delivery(Recording{another})).ok());
  EXPECT_EQ(ScoreOne(*engine, Delivery("2"))->score.quality, 1.0);
  EXPECT_EQ(ScoreOne(*engine, Report(1.0))->score.quality, 1.0);
}

TEST(ScoreEngineTest, ASignatureCoversTheWholeReport) {
  const auto engine = MakeEngine();
  const quality::SecretKey secret_key = quality::SecretKeyFrom({});
  Submission report = Report(0.0);
  report.signature = quality::Sign(report.capture, DigestOf(report), secret_key);
  EXPECT_THAT(ScoreOne(*engine, report)->score.flags, testing::IsEmpty());
  report.data = Motion{10.5, 0.0};
  EXPECT_EQ(ScoreOne(*engine, report).status().code(), StatusCode::kInvalidArgument);
}

TEST(ScoreEngineTest, ReportsAndRecordingsOutliveIt) {
  ScoreEngineOptions options = Options();
  options.history_file = Scratch() / "history";
  const std::string sound = quality::SomeRecording(1);
  {
    const auto engine = MakeEngine(options);
    ASSERT_TRUE(ScoreOne(*engine, Delivery(Recording{sound})).ok());
    ASSERT_TRUE(ScoreOne(*engine, Report(1.0)).ok());
  }
  const auto engine = MakeEngine(options);
  EXPECT_THAT(ScoreOne(*engine, Delivery(Recording{sound}))->score.flags, testing::Contains(quality::Flag::kReplay));
  EXPECT_THAT(ScoreOne(*engine, Report(1.0))->score.flags, testing::Contains(quality::Flag::kReplay));
  EXPECT_EQ(ScoreOne(*engine, Report(2.0))->score.quality, 1.0);
}

TEST(ScoreEngineTest, HistoryOutlivesIt) {
  ScoreEngineOptions options = Options();
  options.history_file = Scratch() / "history";
  ASSERT_TRUE(ScoreOne(*MakeEngine(options), Delivery("1")).ok());
  EXPECT_EQ(ScoreOne(*MakeEngine(options), Delivery("2"))->score.quality, 1.0);
}

TEST(ScoreEngineTest, ADamagedHistoryKeepsItFromStarting) {
  ScoreEngineOptions options = Options();
  options.history_file = Scratch() / "history";
  std::ofstream(options.history_file) << "giot history 1\n" << std::string(104, 'x');
  EXPECT_EQ(ScoreEngine::Create(quality::IndifferentModel(), options).status().code(), StatusCode::kDataLoss);
}

}  // namespace
}  // namespace giot::scoring
