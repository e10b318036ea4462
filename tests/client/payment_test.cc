#include "client/payment.h"

#include "gtest/gtest.h"

namespace giot::client {
namespace {

v1::SensingQualityScore Score(double quality, double lower) {
  v1::SensingQualityScore score;
  score.set_quality(quality);
  score.set_quality_lower(lower);
  return score;
}

TEST(IsPaidTest, TheLowerBoundAndDeltaMustReachWhatWasAgreed) {
  EXPECT_TRUE(IsPaid(Score(0.7, 0.5), {0.1, 0.1}, 600'000));
  EXPECT_FALSE(IsPaid(Score(0.7, 0.5), {0.1, 0.1}, 600'001));
  EXPECT_TRUE(IsPaid(Score(0.7, 0.3), {0.3, 0.3}, 600'000));  // Though .3 + .3 is less in binary.
}

TEST(IsPaidTest, SoMustTheScoreAndTheAllowance) {
  // Of delta, .2 make up for the margin, which a lower bound cut off at 0 does not lie below its score.
  EXPECT_TRUE(IsPaid(Score(0.07, 0.0), {0.23, 0.2}, 100'000));
  EXPECT_FALSE(IsPaid(Score(0.07, 0.0), {0.23, 0.2}, 100'001));
}

TEST(IsPaidTest, ADeltaBelowTheMarginAsksForMoreThanWasAgreed) {
  EXPECT_TRUE(IsPaid(Score(0.7, 0.5), {0.1, 0.2}, 600'000));
  EXPECT_FALSE(IsPaid(Score(0.65, 0.45), {0.1, 0.2}, 600'000));
}

TEST(IsPaidTest, AScoreOfZeroIsNeverPaid) {
  EXPECT_FALSE(IsPaid(Score(0.0, 0.0), {1.0, 0.1}, 10'000));
  EXPECT_FALSE(IsPaid(Score(0.0, 0.0), {1.0, 0.1}, 0));
}

}  // namespace
}  // namespace giot::client
