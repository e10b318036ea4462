#include "client/quantile.h"

#include "gtest/gtest.h"

namespace giot::client {
namespace {

TEST(QuantileTest, TakesTheNearestRank) {
  const std::vector<double> values = {30, 10, 50, 20, 40};
  EXPECT_EQ(Quantile(values, 0.0), 10);
  EXPECT_EQ(Quantile(values, 0.5), 30);
  EXPECT_EQ(Quantile(values, 0.8), 40);
  EXPECT_EQ(Quantile(values, 0.81), 50);
  EXPECT_EQ(Quantile(values, 1.0), 50);
}

TEST(QuantileTest, OfNothingIsZero) { EXPECT_EQ(Quantile({}, 0.5), 0.0); }

}  // namespace
}  // namespace giot::client
