#include "tests/server/quality/test_quality_model.h"

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <iostream>

namespace giot::quality {
namespace {

Dense Constant(int inputs, int outputs, double value) {
  Dense layer;
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.weights.assign(static_cast<std::size_t>(inputs) * static_cast<std::size_t>(outputs), 0.0F);
  layer.bias.assign(static_cast<std::size_t>(outputs), static_cast<float>(value));
  return layer;
}

}  // namespace

QualityModel IndifferentModel(double share) {
  QualityModel model;
  model.deviation.fill(1.0F);
  const double logit = std::log(share / (1.0 - share));
  model.ensemble = {Perceptron{Constant(kFeatures, 64, 0.0), Constant(64, 32, 0.0), Constant(32, 1 + kFactors, logit)}};
  model.calibration = {{0.0, 0.0}, {1.0, 1.0}};
  model.margin = 0.1;
  model.novelty_limit = 1000.0;
  return model;
}

std::filesystem::path WriteIndifferentModel(const std::filesystem::path& root, int version, double share) {
  QualityModel model = IndifferentModel(share);
  model.version = version;
  const auto written = WriteQualityModel(root, model, "{}", "A model for tests.\n");
  if (!written.ok()) {
    std::cerr << "no test model: " << written.status() << '\n';
    std::abort();
  }
  return *written;
}

}  // namespace giot::quality
