#include "server/quality/score_recording.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/server/quality/test_recording.h"

namespace giot::scoring {
namespace {

TEST(ScoreRecordingTest, IsWhatIsMeasuredTimesFreshness) {
  const std::string sound = quality::SomeRecording(1);
  quality::Capture capture;
  capture.captured_at_us = 1'000'000;
  capture.latitude = 47.5;
  quality::Requirements requirements;
  requirements.received_at_us = 4'000'000;
  requirements.fresh_for_s = 3.0;
  const auto fresh = ScoreRecording({sound}, quality::Sha256(sound), capture, requirements, {});
  ASSERT_TRUE(fresh.ok()) << fresh.status();
  ASSERT_TRUE(fresh->recording.has_value());
  EXPECT_EQ(fresh->recording->seconds, 1.0);
  EXPECT_EQ(fresh->score.quality, 1.0);
  EXPECT_EQ(fresh->score.seen.captured_at_us, 1'000'000);
  EXPECT_EQ(fresh->score.seen.latitude, 47.5);
  requirements.fresh_for_s = 1.0;
  const auto old = ScoreRecording({sound}, quality::Sha256(sound), capture, requirements, {});
  EXPECT_NEAR(old->score.quality, 0.6703200, 1e-6);  // exp(-2/5).
}

TEST(ScoreRecordingTest, RefusesWhatIsNoRecording) {
  const auto scored = ScoreRecording({"no sound"}, quality::Sha256("no sound"), {}, {}, {});
  EXPECT_EQ(scored.status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::scoring
