#include "trainer/plateau.h"

#include <gtest/gtest.h>

namespace giot::trainer {
namespace {

TEST(Plateau, IsReachedAfterThatManyObservationsWithoutAGain) {
  Plateau plateau({/*patience=*/2, /*gain=*/0.1});
  plateau.Observe(0.5);
  plateau.Observe(0.55);  // Less than the gain.
  EXPECT_FALSE(plateau.reached());
  plateau.Observe(0.7);  // A gain: counting begins again.
  plateau.Observe(0.6);
  EXPECT_FALSE(plateau.reached());
  plateau.Observe(0.7);
  EXPECT_TRUE(plateau.reached());
}

TEST(Plateau, IsNeverReachedWithoutPatience) {
  Plateau plateau({});
  for (int i = 0; i < 9; ++i) plateau.Observe(0.0);
  EXPECT_FALSE(plateau.reached());
}

}  // namespace
}  // namespace giot::trainer
