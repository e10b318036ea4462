#include "models/quality/reasons.h"

#include <opencv2/core.hpp>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/quality/feature_index.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A flawless score, and what its reasons are drawn from.
struct Case {
  SensingScore score;
  Features features{};
  ImagePyramid pyramid = BuildPyramid(Noise(1, 640, 360));
  RepeatFinding repeat;
  double age_s = 0.0;
  double reference = 1.0;

  Case() {
    score.factors.fill(1.0);
    score.resolution = score.freshness = score.integrity = 1.0;
    score.width = 640;
    score.height = 360;
    features[FeatureIndex("luma_p50")] = 0.5F;
  }
  double& FactorOf(Factor factor) { return score.factors[static_cast<std::size_t>(factor)]; }
  void Set(const char* feature, float value) { features[FeatureIndex(feature)] = value; }
  std::vector<std::string> Explain() const {
    return ExplainScore(score, {features, pyramid, repeat, age_s, reference});
  }
};

TEST(ReasonsTest, FlawlessImagesNeedNone) { EXPECT_THAT(Case().Explain(), IsEmpty()); }

TEST(ReasonsTest, TheWeightiestComesFirst) {
  Case found;
  found.FactorOf(Factor::kNoise) = 0.5;
  found.FactorOf(Factor::kCompression) = 0.2;
  found.score.resolution = 0.7;
  EXPECT_THAT(found.Explain(), ElementsAre("compression artefacts", "noise", "low resolution, 640 x 360"));
}

TEST(ReasonsTest, SmallLossesAreNotWorthAWord) {
  Case found;
  found.score.factors.fill(0.8);
  EXPECT_THAT(found.Explain(), IsEmpty());
}

TEST(ReasonsTest, WhatMakesAScoreZeroComesBeforeEverything) {
  Case found;
  found.FactorOf(Factor::kNoise) = 0.0;
  found.score.flags = {Flag::kFrozen, Flag::kStale, Flag::kUnsigned};
  found.repeat = {RepeatFinding::Kind::kFrozen, 4.0};
  found.score.freshness = 0.1;
  found.age_s = 12.5;
  EXPECT_THAT(found.Explain(),
              ElementsAre("frame repeats one sent 4 s ago while the position moved", "noise", "12 s old on arrival"));
}

TEST(ReasonsTest, TellsReplaysFromLookalikes) {
  Case replay;
  replay.score.flags = {Flag::kReplay};
  replay.repeat = {RepeatFinding::Kind::kReplay, 90.0};
  EXPECT_THAT(replay.Explain(), ElementsAre("same bytes as an image sent 90 s ago"));
  Case suspect;
  suspect.score.flags = {Flag::kReplaySuspect};
  suspect.repeat = {RepeatFinding::Kind::kSuspect, 0.5};
  EXPECT_THAT(suspect.Explain(), ElementsAre("looks like an image sent 0.5 s ago"));
}

TEST(ReasonsTest, CorruptAndUnknownImagesAreTold) {
  Case found;
  found.score.flags = {Flag::kCorrupt, Flag::kOutOfDistribution};
  EXPECT_THAT(found.Explain(),
              ElementsAre("bytes differ from the stated SHA-256", "unlike the images that the model knows"));
}

TEST(ReasonsTest, BlurIsOfMotionWhereDetailRunsOneWay) {
  Case found;
  found.FactorOf(Factor::kSharpness) = 0.3;
  EXPECT_THAT(found.Explain(), ElementsAre("blur"));
  found.Set("direction_spread", 1.5F);
  EXPECT_THAT(found.Explain(), ElementsAre("motion blur"));
}

TEST(ReasonsTest, ExposureSaysWhichWay) {
  Case found;
  found.FactorOf(Factor::kExposure) = 0.3;
  EXPECT_THAT(found.Explain(), ElementsAre("low contrast or colour cast"));
  found.Set("luma_p50", 0.1F);
  EXPECT_THAT(found.Explain(), ElementsAre("too dark"));
  found.Set("luma_p50", 0.95F);
  EXPECT_THAT(found.Explain(), ElementsAre("too bright"));
}

TEST(ReasonsTest, VisibilityTellsHazeFromWhatFalls) {
  Case found;
  found.FactorOf(Factor::kVisibility) = 0.3;
  found.Set("flat_cells", 0.5F);
  EXPECT_THAT(found.Explain(), ElementsAre("haze"));
  found.Set("flat_cells", 0.0F);
  EXPECT_THAT(found.Explain(), ElementsAre("rain or snow"));
  found.Set("direction_spread", 1.4F);
  EXPECT_THAT(found.Explain(), ElementsAre("rain"));
}

TEST(ReasonsTest, OcclusionSaysWhere) {
  Case found;
  found.FactorOf(Factor::kOcclusion) = 0.3;
  EXPECT_THAT(found.Explain(), ElementsAre("lens dirt"));
  cv::Mat image = Noise(1, 640, 360);
  image(cv::Rect(0, 180, 320, 180)).setTo(cv::Scalar::all(5));
  found.pyramid = BuildPyramid(image);
  EXPECT_THAT(found.Explain(), ElementsAre("view covered lower left"));
  // The same over little of the image.
  image = Noise(1, 640, 360);
  image(cv::Rect(0, 240, 130, 120)).setTo(cv::Scalar::all(5));
  found.pyramid = BuildPyramid(image);
  EXPECT_THAT(found.Explain(), ElementsAre("lens dirt lower left"));
}

TEST(ReasonsTest, TimesAheadAndReferencesAreTold) {
  Case found;
  found.score.freshness = 0.0;
  found.age_s = -3600.0;
  found.reference = 0.4;
  EXPECT_THAT(found.Explain(), ElementsAre("capture time lies 60 min ahead", "differs from the reference image"));
}

TEST(SpanTextTest, IsShort) {
  EXPECT_EQ(SpanText(0.25), "0.2 s");
  EXPECT_EQ(SpanText(4.0), "4 s");
  EXPECT_EQ(SpanText(59.6), "60 s");
  EXPECT_EQ(SpanText(-180.0), "3 min");
  EXPECT_EQ(SpanText(7200.0), "2 h");
}

}  // namespace
}  // namespace giot::quality
