#include "server/quality/recent_scores.h"

#include <string>

#include "gtest/gtest.h"

namespace giot::scoring {
namespace {

const Digest kImage = quality::Sha256("image");

Scored WithQuality(double quality) {
  Scored scored;
  scored.score.quality = quality;
  return scored;
}

TEST(RecentScoresTest, FindsWhatTheSameCallWasAnswered) {
  RecentScores recent(10);
  recent.Add({"source", "id", kImage}, WithQuality(0.25));
  const auto found = recent.Find({"source", "id", kImage});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->score.quality, 0.25);
}

TEST(RecentScoresTest, AnotherSourceIdOrImageIsAnotherCall) {
  RecentScores recent(10);
  recent.Add({"source", "id", kImage}, WithQuality(0.25));
  EXPECT_FALSE(recent.Find({"another", "id", kImage}).has_value());
  EXPECT_FALSE(recent.Find({"source", "other", kImage}).has_value());
  EXPECT_FALSE(recent.Find({"source", "id", quality::Sha256("another")}).has_value());
  EXPECT_FALSE(recent.Find({"sourcei", "d", kImage}).has_value());
}

TEST(RecentScoresTest, ForgetsTheOldest) {
  RecentScores recent(2);
  for (const char* id : {"1", "2", "3"}) recent.Add({"source", id, kImage}, WithQuality(0.5));
  EXPECT_FALSE(recent.Find({"source", "1", kImage}).has_value());
  EXPECT_TRUE(recent.Find({"source", "2", kImage}).has_value());
  EXPECT_TRUE(recent.Find({"source", "3", kImage}).has_value());
}

TEST(RecentScoresTest, MayKeepNone) {
  RecentScores recent(0);
  recent.Add({"source", "id", kImage}, WithQuality(0.5));
  EXPECT_FALSE(recent.Find({"source", "id", kImage}).has_value());
}

}  // namespace
}  // namespace giot::scoring
