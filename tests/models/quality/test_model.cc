#include "tests/models/quality/test_model.h"

#include <array>
#include <cmath>
#include <random>

namespace giot::quality {
namespace {

constexpr std::array<int, 4> kWidths = {kFeatures, 64, 32, 1 + kFactors};

Perceptron ZeroNetwork() {
  Perceptron network;
  for (std::size_t i = 0; i < network.size(); ++i) {
    const auto inputs = static_cast<std::size_t>(kWidths[i]);
    const auto outputs = static_cast<std::size_t>(kWidths[i + 1]);
    network[i] = {kWidths[i], kWidths[i + 1], std::vector<float>(inputs * outputs), std::vector<float>(outputs)};
  }
  return network;
}

float Logit(double probability) { return static_cast<float>(std::log(probability / (1.0 - probability))); }

QualityModel IdentityModel() {
  QualityModel model;
  model.mean.fill(0.0F);
  model.deviation.fill(1.0F);
  model.calibration = {{0.0, 0.0}, {1.0, 1.0}};
  model.smoothing_allowance = 1.0;
  model.novelty_limit = 1000.0;
  return model;
}

}  // namespace

QualityModel RandomModel(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto draw = [&random](float scale) { return scale * (static_cast<float>(random() >> 40) * 0x1p-23F - 1.0F); };
  QualityModel model = IdentityModel();
  for (float& mean : model.mean) mean = draw(0.5F);
  for (float& deviation : model.deviation) deviation = 1.0F + draw(0.5F);
  for (int i = 0; i < 3; ++i) {
    Perceptron network = ZeroNetwork();
    for (Dense& dense : network) {
      for (float& weight : dense.weights) weight = draw(0.3F);
      for (float& bias : dense.bias) bias = draw(0.1F);
    }
    model.ensemble.push_back(network);
  }
  model.calibration = {{0.0, 0.0}, {0.5, 0.4}, {0.8, 1.0}};
  model.smoothing_allowance = 0.05;
  model.margin = 0.1;
  model.novelty_limit = 3.0;
  return model;
}

QualityModel ConstantModel(double usefulness, double factor) {
  QualityModel model = IdentityModel();
  Perceptron network = ZeroNetwork();
  network[2].bias.assign(1 + kFactors, Logit(factor));
  network[2].bias[0] = Logit(usefulness);
  model.ensemble = {network};
  return model;
}

QualityModel OneFeatureModel(std::size_t feature, float middle, float scale) {
  QualityModel model = ConstantModel(0.5, 0.999);
  model.mean[feature] = middle;
  model.deviation[feature] = scale;
  // Two hidden units that answer to x and -x, subtracted: SiLU(x) - SiLU(-x) = x.
  Perceptron& network = model.ensemble[0];
  network[0].weights[feature] = 1.0F;
  network[0].weights[kFeatures + feature] = -1.0F;
  network[1].weights[0] = 1.0F;
  network[1].weights[1] = -1.0F;
  network[1].weights[64] = -1.0F;
  network[1].weights[65] = 1.0F;
  network[2].weights[0] = 1.0F;
  network[2].weights[1] = -1.0F;
  return model;
}

}  // namespace giot::quality
