#include "models/quality/quality_model.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace giot::quality {
namespace {

constexpr std::array<std::string_view, kFactors> kFactorNames = {"sharpness",   "noise",      "exposure",
                                                                 "compression", "visibility", "occlusion"};

float Silu(float x) { return x / (1.0F + std::exp(-x)); }
double Sigmoid(float x) { return 1.0 / (1.0 + std::exp(-static_cast<double>(x))); }

std::vector<float> Apply(const Dense& dense, const std::vector<float>& inputs) {
  std::vector<float> outputs = dense.bias;
  const float* weight = dense.weights.data();
  for (float& output : outputs) {
    for (const float input : inputs) output += *weight++ * input;
  }
  return outputs;
}

std::vector<float> Normalize(const QualityModel& model, const Features& features) {
  std::vector<float> normalized(kFeatures);
  for (std::size_t i = 0; i < normalized.size(); ++i) {
    normalized[i] = std::clamp((features[i] - model.mean[i]) / model.deviation[i], -model.clamp, model.clamp);
  }
  return normalized;
}

std::vector<float> Run(const Perceptron& network, const std::vector<float>& inputs) {
  std::vector<float> values = inputs;
  for (std::size_t layer = 0; layer < network.size(); ++layer) {
    values = Apply(network[layer], values);
    if (layer + 1 == network.size()) break;
    std::transform(values.begin(), values.end(), values.begin(), Silu);
  }
  return values;
}

double RootMeanSquare(const std::vector<float>& values) {
  double square = 0.0;
  for (const float value : values) square += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(square / static_cast<double>(values.size()));
}

}  // namespace

std::string_view NameOf(Factor factor) { return kFactorNames[static_cast<std::size_t>(factor)]; }

RawScore Evaluate(const QualityModel& model, const Features& features) {
  const std::vector<float> normalized = Normalize(model, features);
  RawScore score;
  score.novelty = RootMeanSquare(normalized);
  const auto networks = static_cast<double>(model.ensemble.size());
  double square = 0.0;
  for (const Perceptron& network : model.ensemble) {
    const std::vector<float> outputs = Run(network, normalized);
    const double usefulness = Sigmoid(outputs[0]);
    score.usefulness += usefulness / networks;
    square += usefulness * usefulness / networks;
    for (std::size_t i = 0; i < kFactors; ++i) score.factors[i] += Sigmoid(outputs[1 + i]) / networks;
  }
  score.spread = std::sqrt(std::max(0.0, square - score.usefulness * score.usefulness));
  return score;
}

double Calibrate(const QualityModel& model, double raw) {
  const std::vector<CalibrationKnot>& knots = model.calibration;
  const auto above = std::upper_bound(knots.begin(), knots.end(), raw,
                                      [](double x, const CalibrationKnot& knot) { return x < knot.raw; });
  if (above == knots.begin()) return knots.front().calibrated;
  if (above == knots.end()) return knots.back().calibrated;
  const CalibrationKnot& below = *(above - 1);
  const double share = (raw - below.raw) / (above->raw - below.raw);
  return below.calibrated + share * (above->calibrated - below.calibrated);
}

}  // namespace giot::quality
