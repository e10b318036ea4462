#include "trainer/quality/judgement.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace giot::trainer {
namespace {

JudgedImage Image(int scene, const std::string& kind, double severity, double usefulness) {
  return {.scene = scene, .kind = kind, .severity = severity, .usefulness = usefulness, .found = usefulness};
}

// Two scenes with a clean image and two grades of haze each.
std::vector<JudgedImage> Haze() {
  return {Image(0, "clean", 0.0, 1.0), Image(0, "haze", 0.5, 0.6), Image(0, "haze", 1.0, 0.1),
          Image(1, "clean", 0.0, 1.0), Image(1, "haze", 0.5, 0.5), Image(1, "haze", 1.0, 0.2)};
}

JudgedImage Attacked(const std::vector<JudgedImage>& images, int base, camera::Attack attack, double usefulness) {
  JudgedImage image = images[static_cast<std::size_t>(base)];
  image.attack = attack;
  image.unattacked = base;
  image.usefulness = usefulness;
  return image;
}

TEST(Judge, IsPerfectForUsefulnessItself) {
  const Judgement judgement = Judge(Haze(), {1.0, 0.6, 0.1, 1.0, 0.5, 0.2});
  EXPECT_DOUBLE_EQ(judgement.usefulness.value, 1.0);
  EXPECT_DOUBLE_EQ(judgement.usefulness.interval.low, 1.0);
  EXPECT_DOUBLE_EQ(judgement.found.value, 1.0);
  EXPECT_DOUBLE_EQ(judgement.found_means.value, 1.0);
  EXPECT_EQ(judgement.ordered_pairs, 1.0);
}

TEST(Judge, CountsPairsOfOneSceneAndKindInOrder) {
  // In scene 0 the middle one is above the clean one: two of three pairs are right; all three in scene 1.
  const Judgement judgement = Judge(Haze(), {0.5, 0.6, 0.1, 1.0, 0.5, 0.2});
  EXPECT_DOUBLE_EQ(judgement.ordered_pairs, 5.0 / 6.0);
}

TEST(Judge, TakesWhatAnAttackEarnsOffItsGain) {
  std::vector<JudgedImage> images = Haze();
  images.push_back(Attacked(images, 1, camera::Attack::kClahe, 0.7));      // Better by .1, scored .3 higher.
  images.push_back(Attacked(images, 1, camera::Attack::kFineGrain, 0.4));  // Worse, scored .1 higher.
  images.push_back(Attacked(images, 3, camera::Attack::kFineGrain, 0.9));  // Worse, scored .5 lower.
  const Judgement judgement = Judge(images, {1.0, 0.6, 0.1, 1.0, 0.5, 0.2, 0.9, 0.7, 0.5});
  EXPECT_NEAR(judgement.attack_gains[static_cast<std::size_t>(camera::Attack::kClahe)], 0.2, 1e-12);
  EXPECT_NEAR(judgement.attack_gains[static_cast<std::size_t>(camera::Attack::kFineGrain)], -0.2, 1e-12);
  EXPECT_NEAR(judgement.best_attack_gain, (0.2 + 0.0) / 2, 1e-12);
  EXPECT_DOUBLE_EQ(judgement.share_gaining, 0.5);
  EXPECT_EQ(judgement.ordered_pairs, 1.0);  // Attacks are in no pair.
}

TEST(UsefulnessCorrelation, LooksAtTheKindsAskedFor) {
  std::vector<JudgedImage> images = Haze();
  images.push_back(Image(0, "snow", 1.0, 0.05));
  const std::vector<double> scores = {1.0, 0.6, 0.1, 0.99, 0.5, 0.2, 5.0};
  EXPECT_GT(UsefulnessCorrelation(images, scores, std::vector<std::string>{"clean", "haze"}), 0.95);
  EXPECT_LT(UsefulnessCorrelation(images, scores, {}), 0.8);
}

TEST(JudgePayment, MeasuresCoverageAndExcess) {
  const Payment payment = JudgePayment(Haze(), {0.9, 0.5, 0.0, 1.0, 0.6, 0.1});
  EXPECT_DOUBLE_EQ(payment.coverage, 5.0 / 6.0);
  // Excesses 0, 0, 0, 0, 0, .1: the 95th percentile is three quarters of the way to the last.
  EXPECT_NEAR(payment.overpayment_p95, 0.075, 1e-12);
}

}  // namespace
}  // namespace giot::trainer
