#include "models/uncertain/vector_math.h"

#include <cmath>
#include <random>

#include "gtest/gtest.h"

namespace giot::uncertain {
namespace {

constexpr int kDraws = 200'000;

TEST(VectorMathTest, ExpAgreesWithTheStandardLibrary) {
  std::mt19937_64 random(1);
  for (const double width : {1e-9, 1.0, 700.0}) {
    std::uniform_real_distribution<double> uniform(-width, width);
    for (int i = 0; i < kDraws; ++i) {
      const double x = uniform(random);
      ASSERT_NEAR(VectorExp(x) / std::exp(x), 1.0, 1e-15) << x;
    }
  }
}

TEST(VectorMathTest, ExpIsExactAtZeroAndStaysFiniteBeyondItsRange) {
  EXPECT_EQ(VectorExp(0.0), 1.0);
  EXPECT_DOUBLE_EQ(VectorExp(1e300), std::exp(700.0));
  EXPECT_DOUBLE_EQ(VectorExp(-1e300), std::exp(-700.0));
}

TEST(VectorMathTest, LogAgreesWithTheStandardLibrary) {
  std::mt19937_64 random(2);
  for (const double width : {1e-6, 1.0, 700.0}) {
    std::uniform_real_distribution<double> uniform(-width, width);
    for (int i = 0; i < kDraws; ++i) {
      const double y = std::exp(uniform(random));
      const double expected = std::log(y);
      ASSERT_NEAR(VectorLog(y), expected, 1e-15 * std::abs(expected)) << y;
    }
  }
}

TEST(VectorMathTest, LogIsExactAtOneAndRightAtTheEdgesOfAnOctave) {
  EXPECT_EQ(VectorLog(1.0), 0.0);
  for (const double y : {0x1p-1022, 0.5, std::sqrt(0.5), std::nextafter(std::sqrt(0.5), 0.0), std::sqrt(2.0), 2.0,
                         std::nextafter(2.0, 0.0), 1.7e308}) {
    EXPECT_NEAR(VectorLog(y) / std::log(y), 1.0, 1e-15) << y;
  }
}

TEST(VectorMathTest, Log1pKeepsWhatOnePlusXLoses) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> exponent(-300.0, 6.0);
  for (int i = 0; i < kDraws; ++i) {
    const double x = std::pow(10.0, exponent(random));
    ASSERT_NEAR(VectorLog1p(x, 1.0 / (1.0 + x)) / std::log1p(x), 1.0, 2e-15) << x;
  }
  EXPECT_EQ(VectorLog1p(0.0, 1.0), 0.0);
}

}  // namespace
}  // namespace giot::uncertain
