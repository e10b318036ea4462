#include "models/quality/natural_statistics.h"

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "models/quality/generalized_gaussian.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

SignedMoments MomentsOf(const std::vector<double>& samples) {
  SignedMoments moments;
  for (const double x : samples) {
    moments.count += 1.0;
    moments.negative_count += x < 0.0 ? 1.0 : 0.0;
    moments.absolute += std::abs(x);
    (x < 0.0 ? moments.negative_square : moments.positive_square) += x * x;
  }
  return moments;
}

// Samples with density ~ exp(-(|x| / b)^shape), by the gamma distribution of (|x| / b)^shape.
std::vector<double> DrawGeneralizedGaussian(double shape, double left_scale, double right_scale, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::gamma_distribution<double> gamma(1.0 / shape);
  std::bernoulli_distribution is_left(left_scale / (left_scale + right_scale));
  std::vector<double> samples;
  for (int i = 0; i < 200'000; ++i) {
    const double magnitude = std::pow(gamma(random), 1.0 / shape);
    samples.push_back(is_left(random) ? -left_scale * magnitude : right_scale * magnitude);
  }
  return samples;
}

TEST(GeneralizedGaussianTest, FindsTheShapeThatSamplesWereDrawnWith) {
  for (const double shape : {0.5, 1.0, 2.0, 4.0}) {
    const SymmetricFit fit = FitSymmetric(MomentsOf(DrawGeneralizedGaussian(shape, 1.5, 1.5, 1)));
    EXPECT_NEAR(fit.shape, shape, 0.03 * shape);
    EXPECT_NEAR(fit.variance, 2.25 * std::tgamma(3.0 / shape) / std::tgamma(1.0 / shape), 0.05 * fit.variance);
  }
}

TEST(GeneralizedGaussianTest, TellsLeftFromRight) {
  const AsymmetricFit fit = FitAsymmetric(MomentsOf(DrawGeneralizedGaussian(1.0, 1.0, 2.0, 2)));
  EXPECT_NEAR(fit.shape, 1.0, 0.05);
  // Of exponential samples of scale b the mean square is 2 b^2.
  EXPECT_NEAR(fit.left_variance, 2.0, 0.1);
  EXPECT_NEAR(fit.right_variance, 8.0, 0.4);
  EXPECT_NEAR(fit.mean, (2.0 - 1.0) * std::tgamma(2.0) / std::tgamma(1.0), 0.05);
}

TEST(GeneralizedGaussianTest, NothingToFitGivesTheFlattestShape) {
  EXPECT_EQ(FitSymmetric({}).shape, 10.0);
  EXPECT_EQ(FitAsymmetric({}).right_variance, 0.0);
  EXPECT_EQ(FitSymmetric(MomentsOf({0.0, 0.0})).variance, 0.0);
}

// The definition, in doubles and without any trick.
SignedMoments LevelMomentsByDefinition(const cv::Mat& grey) {
  std::vector<double> window;
  double total = 0.0;
  for (int k = -3; k <= 3; ++k) window.push_back(std::exp(-k * k / (2.0 * (7.0 / 6.0) * (7.0 / 6.0))));
  for (const double weight : window) total += weight;
  std::vector<double> levels;
  for (int y = 3; y < grey.rows - 3; ++y) {
    for (int x = 3; x < grey.cols - 3; ++x) {
      double mean = 0.0;
      double square = 0.0;
      for (int v = 0; v < 7; ++v) {
        for (int u = 0; u < 7; ++u) {
          const double weight =
              window[static_cast<std::size_t>(u)] * window[static_cast<std::size_t>(v)] / (total * total);
          const double level = grey.at<std::uint8_t>(y + v - 3, x + u - 3);
          mean += weight * level;
          square += weight * level * level;
        }
      }
      levels.push_back((grey.at<std::uint8_t>(y, x) - mean) / (std::sqrt(square - mean * mean) + 1.0));
    }
  }
  return MomentsOf(levels);
}

TEST(MscnTest, MomentsAreThoseOfTheDefinition) {
  cv::Mat grey;
  cv::cvtColor(Road(1), grey, cv::COLOR_BGR2GRAY);
  for (const cv::Rect& patch : {cv::Rect(100, 150, 96, 96), cv::Rect(31, 57, 48, 33)}) {
    const SignedMoments expected = LevelMomentsByDefinition(grey(patch));
    MscnMoments moments;
    AddMscnMoments(grey(patch), moments);
    EXPECT_EQ(moments.levels.count, expected.count);
    EXPECT_NEAR(moments.levels.negative_count, expected.negative_count, 0.001 * expected.count);
    EXPECT_NEAR(moments.levels.absolute, expected.absolute, 1e-3 * expected.absolute);
    EXPECT_NEAR(moments.levels.negative_square, expected.negative_square, 1e-3 * expected.negative_square);
    EXPECT_NEAR(moments.levels.positive_square, expected.positive_square, 1e-3 * expected.positive_square);
  }
}

TEST(MscnTest, CountsOnlyNeighboursInsideThePatch) {
  MscnMoments moments;
  AddMscnMoments(cv::Mat(20, 30, CV_8UC1, cv::Scalar(7)), moments);
  EXPECT_EQ(moments.levels.count, 14 * 24);
  EXPECT_EQ(moments.products[0].count, 14 * 23);
  EXPECT_EQ(moments.products[1].count, 13 * 24);
  EXPECT_EQ(moments.products[2].count, 13 * 23);
  EXPECT_EQ(moments.products[3].count, 13 * 23);
}

TEST(MscnTest, ProductsFollowTheDirectionOfStripes) {
  cv::Mat stripes(96, 96, CV_8UC1);
  for (int x = 0; x < 96; ++x) stripes.col(x).setTo(x % 2 == 0 ? 100 : 140);
  MscnMoments moments;
  AddMscnMoments(stripes, moments);
  // Neighbours to the right differ in sign, those below are equal.
  EXPECT_GT(moments.products[0].negative_count, 0.99 * moments.products[0].count);
  EXPECT_EQ(moments.products[1].negative_count, 0.0);
  EXPECT_GT(moments.products[2].negative_count, 0.99 * moments.products[2].count);
  EXPECT_GT(moments.products[3].negative_count, 0.99 * moments.products[3].count);
}

}  // namespace
}  // namespace giot::quality
