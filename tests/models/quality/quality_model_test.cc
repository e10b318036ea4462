#include "models/quality/quality_model.h"

#include <cmath>
#include <set>

#include "gtest/gtest.h"
#include "tests/models/quality/test_model.h"

namespace giot::quality {
namespace {

Features SomeFeatures() {
  Features features;
  for (std::size_t i = 0; i < features.size(); ++i) features[i] = static_cast<float>(std::sin(static_cast<double>(i)));
  return features;
}

// The forward pass in doubles, output by output.
std::vector<double> Forward(const QualityModel& model, const Perceptron& network, const Features& features) {
  std::vector<double> values;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const double normal = (static_cast<double>(features[i]) - static_cast<double>(model.mean[i])) /
                          static_cast<double>(model.deviation[i]);
    const auto limit = static_cast<double>(model.clamp);
    values.push_back(std::max(-limit, std::min(limit, normal)));
  }
  for (int layer = 0; layer < 3; ++layer) {
    const Dense& dense = network[static_cast<std::size_t>(layer)];
    std::vector<double> next;
    for (int j = 0; j < dense.outputs; ++j) {
      auto sum = static_cast<double>(dense.bias[static_cast<std::size_t>(j)]);
      for (int i = 0; i < dense.inputs; ++i) {
        sum += static_cast<double>(dense.weights[static_cast<std::size_t>(j * dense.inputs + i)]) *
               values[static_cast<std::size_t>(i)];
      }
      const double sigmoid = 1.0 / (1.0 + std::exp(-sum));
      next.push_back(layer < 2 ? sum * sigmoid : sigmoid);
    }
    values = next;
  }
  return values;
}

TEST(QualityModelTest, EvaluatesTheMeanOfItsNetworks) {
  const QualityModel model = RandomModel(1);
  const Features features = SomeFeatures();
  double sum = 0.0;
  double square = 0.0;
  double noise = 0.0;
  for (const Perceptron& network : model.ensemble) {
    const std::vector<double> outputs = Forward(model, network, features);
    sum += outputs[0];
    square += outputs[0] * outputs[0];
    noise += outputs[1 + static_cast<std::size_t>(Factor::kNoise)];
  }
  const RawScore score = Evaluate(model, features);
  EXPECT_NEAR(score.usefulness, sum / 3.0, 1e-5);
  EXPECT_NEAR(score.spread, std::sqrt(square / 3.0 - sum * sum / 9.0), 1e-5);
  EXPECT_NEAR(score.factors[static_cast<std::size_t>(Factor::kNoise)], noise / 3.0, 1e-5);
}

TEST(QualityModelTest, ClampsFeaturesSoThatNoneDecidesAlone) {
  QualityModel model = ConstantModel(0.5, 0.5);
  Features features{};
  features.fill(1e30F);
  EXPECT_NEAR(Evaluate(model, features).novelty, static_cast<double>(model.clamp), 1e-6);
  features.fill(2.0F);
  EXPECT_NEAR(Evaluate(model, features).novelty, 2.0, 1e-6);
}

TEST(QualityModelTest, CalibratesLinearlyBetweenKnots) {
  QualityModel model;
  model.calibration = {{0.2, 0.1}, {0.5, 0.4}, {0.8, 1.0}};
  EXPECT_DOUBLE_EQ(Calibrate(model, 0.0), 0.1);
  EXPECT_DOUBLE_EQ(Calibrate(model, 0.2), 0.1);
  EXPECT_DOUBLE_EQ(Calibrate(model, 0.35), 0.25);
  EXPECT_DOUBLE_EQ(Calibrate(model, 0.5), 0.4);
  EXPECT_DOUBLE_EQ(Calibrate(model, 0.65), 0.7);
  EXPECT_DOUBLE_EQ(Calibrate(model, 0.8), 1.0);
  EXPECT_DOUBLE_EQ(Calibrate(model, 1.0), 1.0);
}

TEST(QualityModelTest, FactorsHaveDistinctNames) {
  std::set<std::string_view> names;
  for (int i = 0; i < kFactors; ++i) names.insert(NameOf(static_cast<Factor>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kFactors));
}

}  // namespace
}  // namespace giot::quality
