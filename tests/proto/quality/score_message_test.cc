#include "proto/quality/score_message.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace giot::quality {
namespace {

using testing::ElementsAre;

v1::SensingQualityScore Filled(const SensingScore& score, const Requirements& requirements = {}) {
  v1::SensingQualityScore message;
  FillScore(score, requirements, message);
  return message;
}

// As NameOf has it: "replay suspect" for SENSING_FLAG_REPLAY_SUSPECT.
std::string PlainName(int flag) {
  std::string name = v1::SensingFlag_Name(static_cast<v1::SensingFlag>(flag)).substr(sizeof("SENSING_FLAG"));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return letter == '_' ? ' ' : static_cast<char>(std::tolower(letter)); });
  return name;
}

TEST(FillScoreTest, EveryFlagIsItsNamesake) {
  SensingScore score;
  score.flags = {Flag::kFrozen,  Flag::kReplay,   Flag::kReplaySuspect,    Flag::kStale,
                 Flag::kCorrupt, Flag::kUnsigned, Flag::kOutOfDistribution};
  const v1::SensingQualityScore message = Filled(score);
  ASSERT_EQ(message.flags_size(), 7);
  for (int i = 0; i < message.flags_size(); ++i) {
    EXPECT_EQ(PlainName(message.flags(i)), NameOf(score.flags[static_cast<std::size_t>(i)]));
  }
}

TEST(FillScoreTest, EveryFactorIsItsNamesake) {
  SensingScore score;
  score.factors = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  score.resolution = 0.7;
  score.freshness = 0.8;
  score.integrity = 0.9;
  const v1::SensingQualityScore message = Filled(score);
  EXPECT_EQ(message.factors().sharpness(), score.factors[static_cast<std::size_t>(Factor::kSharpness)]);
  EXPECT_EQ(message.factors().noise(), score.factors[static_cast<std::size_t>(Factor::kNoise)]);
  EXPECT_EQ(message.factors().exposure(), score.factors[static_cast<std::size_t>(Factor::kExposure)]);
  EXPECT_EQ(message.factors().compression(), score.factors[static_cast<std::size_t>(Factor::kCompression)]);
  EXPECT_EQ(message.factors().visibility(), score.factors[static_cast<std::size_t>(Factor::kVisibility)]);
  EXPECT_EQ(message.factors().occlusion(), score.factors[static_cast<std::size_t>(Factor::kOcclusion)]);
  EXPECT_EQ(message.factors().resolution(), 0.7);
  EXPECT_EQ(message.factors().freshness(), 0.8);
  EXPECT_EQ(message.factors().integrity(), 0.9);
}

TEST(FillScoreTest, SaysTheScoreAndWhatItWasReckonedWith) {
  SensingScore score;
  score.quality = 0.5;
  score.quality_lower = 0.25;
  score.quality_upper = 0.75;
  score.reasons = {"blur", "noise"};
  score.width = 640;
  score.height = 480;
  Requirements requirements;
  requirements.received_at_us = 17;
  requirements.fresh_for_s = 2.0;
  requirements.age_scale_s = 3.0;
  requirements.width = 320;
  requirements.height = 240;
  const v1::SensingQualityScore message = Filled(score, requirements);
  EXPECT_EQ(message.quality(), 0.5);
  EXPECT_EQ(message.quality_lower(), 0.25);
  EXPECT_EQ(message.quality_upper(), 0.75);
  EXPECT_THAT(message.reasons(), ElementsAre("blur", "noise"));
  EXPECT_EQ(message.width(), 640);
  EXPECT_EQ(message.height(), 480);
  EXPECT_EQ(message.received_at_us(), 17);
  EXPECT_EQ(message.requirements().fresh_for_s(), 2.0);
  EXPECT_EQ(message.requirements().age_scale_s(), 3.0);
  EXPECT_EQ(message.requirements().width(), 320);
  EXPECT_EQ(message.requirements().height(), 240);
  EXPECT_FALSE(message.has_heat_map());
}

TEST(FillScoreTest, HasTheHeatMapRowByRow) {
  SensingScore score;
  score.heat_map = HeatMap{2, 1, {0.0F, 1.0F}};
  const v1::SensingHeatMap map = Filled(score).heat_map();
  EXPECT_EQ(map.columns(), 2);
  EXPECT_EQ(map.rows(), 1);
  EXPECT_THAT(map.unusable(), ElementsAre(0.0F, 1.0F));
}

}  // namespace
}  // namespace giot::quality
