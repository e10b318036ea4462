#include "server/quality/measured_score.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/quality/sha256.h"

namespace giot::scoring {
namespace {

using quality::Flag;
using testing::ElementsAre;
using testing::IsEmpty;

quality::SeenImage Seen(const char* bytes) {
  quality::SeenImage seen;
  seen.sha256 = quality::Sha256(bytes);
  return seen;
}

Measured Good() { return {0.8, 0.9, {"noise"}, Seen("data")}; }

quality::Capture Signed() {
  quality::Capture capture;
  capture.is_signed = true;
  return capture;
}

TEST(SettleMeasuredTest, IsWhatWasMeasured) {
  quality::Capture capture = Signed();
  capture.sha256 = quality::BytesOf(quality::Sha256("data"));
  const quality::SensingScore score = SettleMeasured(Good(), capture, {{Seen("other")}});
  EXPECT_EQ(score.quality, 0.8);
  EXPECT_EQ(score.quality_lower, 0.8);
  EXPECT_EQ(score.quality_upper, 0.8);
  EXPECT_EQ(score.freshness, 0.9);
  EXPECT_EQ(score.integrity, 1.0);
  EXPECT_EQ(score.resolution, 1.0);
  EXPECT_THAT(score.flags, IsEmpty());
  EXPECT_THAT(score.reasons, ElementsAre("noise"));
  EXPECT_EQ(score.seen.sha256, quality::Sha256("data"));
}

TEST(SettleMeasuredTest, WhatWasSentBeforeIsWorthNothingAndSaysSoFirst) {
  const quality::SensingScore score = SettleMeasured(Good(), Signed(), {{Seen("data"), Seen("other")}});
  EXPECT_THAT(score.flags, ElementsAre(Flag::kReplay));
  EXPECT_EQ(score.integrity, 0.0);
  EXPECT_EQ(score.quality, 0.0);
  EXPECT_EQ(score.quality_upper, 0.0);
  ASSERT_EQ(score.reasons.size(), 2U);
  EXPECT_EQ(score.reasons[1], "noise");
}

TEST(SettleMeasuredTest, AnotherDigestIsCorruptAndWorthNothing) {
  quality::Capture capture = Signed();
  capture.sha256 = quality::BytesOf(quality::Sha256("other"));
  const quality::SensingScore score = SettleMeasured(Good(), capture, {});
  EXPECT_THAT(score.flags, ElementsAre(Flag::kCorrupt));
  EXPECT_EQ(score.quality, 0.0);
}

TEST(SettleMeasuredTest, FlagsWhatIsOldAndWhatIsUnsigned) {
  Measured measured = Good();
  measured.freshness = 0.49;
  EXPECT_THAT(SettleMeasured(measured, {}, {}).flags, ElementsAre(Flag::kStale, Flag::kUnsigned));
}

}  // namespace
}  // namespace giot::scoring
