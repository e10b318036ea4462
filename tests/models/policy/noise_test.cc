#include "models/policy/noise.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace giot::policy {
namespace {

std::vector<float> Draw(std::uint64_t seed, std::uint64_t stream, std::size_t count) {
  std::vector<float> values(count);
  FillGaussian(seed, stream, absl::MakeSpan(values));
  return values;
}

TEST(NoiseTest, KeepsItsValuesForever) {
  // Philox-4x32-10 with counter 0 and key 0 gives 6627e8d5 e169c58d bc57ac4c
  // 9b00dbd8 (the algorithm's published test vector); Box-Muller of those:
  const auto unit = [](double bits) { return (bits + 1.0) * std::pow(2.0, -32); };
  const double radius = std::sqrt(-2 * std::log(unit(0x6627e8d5)));
  const double angle = 2 * 3.14159265358979323846 * unit(0xe169c58d);
  const auto values = Draw(0, 0, 2);
  EXPECT_NEAR(values[0], radius * std::cos(angle), 1e-6);
  EXPECT_NEAR(values[1], radius * std::sin(angle), 1e-6);
}

TEST(NoiseTest, ALongerDrawContinuesAShorterOne) {
  const auto shorter = Draw(5, 9, 7);
  const auto longer = Draw(5, 9, 30);
  EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin()));
}

TEST(NoiseTest, SeedsAndStreamsDiffer) {
  EXPECT_NE(Draw(1, 0, 16), Draw(2, 0, 16));
  EXPECT_NE(Draw(1, 0, 16), Draw(1, 1, 16));
}

TEST(NoiseTest, IsStandardNormal) {
  const std::size_t count = 400'000;
  double sum = 0.0, squares = 0.0, fourth = 0.0;
  for (const float value : Draw(3, 3, count)) {
    sum += value;
    squares += double{value} * value;
    fourth += std::pow(double{value}, 4);
  }
  // Five standard errors.
  EXPECT_NEAR(sum / count, 0.0, 5 / std::sqrt(count));
  EXPECT_NEAR(squares / count, 1.0, 5 * std::sqrt(2.0 / count));
  EXPECT_NEAR(fourth / count, 3.0, 5 * std::sqrt(96.0 / count));
}

}  // namespace
}  // namespace giot::policy
