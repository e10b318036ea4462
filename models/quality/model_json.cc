#include "models/quality/model_json.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "models/quality/json_object.h"

namespace giot::quality {
namespace {

using nlohmann::json;

constexpr char kFile[] = "model.json";
constexpr std::array<int, 4> kWidths = {kFeatures, 64, 32, 1 + kFactors};
constexpr std::size_t kMaxNetworks = 16;
constexpr std::size_t kMaxKnots = 1024;
constexpr double kMaxClamp = 1000.0;
constexpr double kMaxNovelty = 1000.0;

absl::Status Wrong(absl::string_view field, absl::string_view got, absl::string_view want) {
  return absl::InvalidArgumentError(absl::StrCat(kFile, ": ", field, ": got ", got, ", want ", want));
}

absl::Status CheckRange(absl::string_view field, double value, double least, double most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return Wrong(field, absl::StrCat(value), absl::StrCat("a number in [", least, ", ", most, "]"));
}

template <typename Numbers>
bool AllFinite(const Numbers& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](float number) { return std::isfinite(number); });
}

absl::Status CheckDense(const std::string& field, const Dense& dense, int inputs, int outputs) {
  if (dense.inputs != inputs || dense.outputs != outputs) {
    return Wrong(field, absl::StrCat(dense.inputs, " inputs and ", dense.outputs, " outputs"),
                 absl::StrCat(inputs, " and ", outputs));
  }
  const auto weights = static_cast<std::size_t>(inputs * outputs);
  if (dense.weights.size() != weights) {
    return Wrong(field + ".weights", absl::StrCat(dense.weights.size(), " numbers"), absl::StrCat(weights));
  }
  if (dense.bias.size() != static_cast<std::size_t>(outputs)) {
    return Wrong(field + ".bias", absl::StrCat(dense.bias.size(), " numbers"), absl::StrCat(outputs));
  }
  if (!AllFinite(dense.weights)) return Wrong(field + ".weights", "a number that is not finite", "finite numbers");
  if (!AllFinite(dense.bias)) return Wrong(field + ".bias", "a number that is not finite", "finite numbers");
  return absl::OkStatus();
}

absl::Status CheckEnsemble(const std::vector<Perceptron>& ensemble) {
  if (ensemble.empty() || ensemble.size() > kMaxNetworks) {
    return Wrong("ensemble", absl::StrCat(ensemble.size(), " networks"), absl::StrCat("1 to ", kMaxNetworks));
  }
  for (std::size_t network = 0; network < ensemble.size(); ++network) {
    for (std::size_t layer = 0; layer < ensemble[network].size(); ++layer) {
      const std::string field = absl::StrCat("ensemble[", network, "][", layer, "]");
      absl::Status status = CheckDense(field, ensemble[network][layer], kWidths[layer], kWidths[layer + 1]);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status CheckCalibration(const std::vector<CalibrationKnot>& knots) {
  if (knots.size() < 2 || knots.size() > kMaxKnots) {
    return Wrong("calibration", absl::StrCat(knots.size(), " knots"), absl::StrCat("2 to ", kMaxKnots));
  }
  for (std::size_t i = 0; i < knots.size(); ++i) {
    const std::string field = absl::StrCat("calibration[", i, "]");
    absl::Status status = CheckRange(field, knots[i].raw, 0.0, 1.0);
    status.Update(CheckRange(field, knots[i].calibrated, 0.0, 1.0));
    if (!status.ok()) return status;
    if (i > 0 && (knots[i].raw <= knots[i - 1].raw || knots[i].calibrated <= knots[i - 1].calibrated)) {
      return Wrong(field, absl::StrCat("(", knots[i].raw, ", ", knots[i].calibrated, ")"), "more than the knot before");
    }
  }
  if (knots.back().calibrated != 1.0)
    return Wrong("calibration", absl::StrCat(knots.back().calibrated), "1 at the end");
  return absl::OkStatus();
}

json DenseJson(const Dense& dense) {
  return {{"inputs", dense.inputs}, {"outputs", dense.outputs}, {"weights", dense.weights}, {"bias", dense.bias}};
}

absl::StatusOr<Dense> ParseDense(const json& object, const std::string& path, int inputs, int outputs) {
  if (!object.is_object()) return absl::InvalidArgumentError(absl::StrCat(path, ": want an object"));
  ObjectReader reader(object, path);
  Dense dense;
  dense.inputs = static_cast<int>(reader.Integer("inputs", inputs, inputs));
  dense.outputs = static_cast<int>(reader.Integer("outputs", outputs, outputs));
  dense.weights = reader.Floats("weights", static_cast<std::size_t>(inputs * outputs));
  dense.bias = reader.Floats("bias", static_cast<std::size_t>(outputs));
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return dense;
}

absl::StatusOr<Perceptron> ParsePerceptron(const json& layers, const std::string& path) {
  Perceptron network;
  if (!layers.is_array() || layers.size() != network.size()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": want an array of ", network.size(), " layers"));
  }
  for (std::size_t i = 0; i < network.size(); ++i) {
    absl::StatusOr<Dense> dense = ParseDense(layers[i], absl::StrCat(path, "[", i, "]"), kWidths[i], kWidths[i + 1]);
    if (!dense.ok()) return dense.status();
    network[i] = *std::move(dense);
  }
  return network;
}

absl::StatusOr<CalibrationKnot> ParseKnot(const json& pair, const std::string& path) {
  const bool is_pair = pair.is_array() && pair.size() == 2 && pair[0].is_number() && pair[1].is_number();
  if (!is_pair) return absl::InvalidArgumentError(absl::StrCat(path, ": want [raw, calibrated]"));
  return CalibrationKnot{pair[0].get<double>(), pair[1].get<double>()};
}

absl::Status CheckFeatureNames(const json& names, const std::string& path) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != FeatureNames()[i]) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, "[", i, "]: want ", std::string(FeatureNames()[i]), "; made for other features"));
    }
  }
  return absl::OkStatus();
}

void CopyFloats(const std::vector<float>& from, Features& to) {
  if (from.size() == to.size()) std::copy(from.begin(), from.end(), to.begin());
}

}  // namespace

absl::Status CheckModel(const QualityModel& model) {
  if (!AllFinite(model.mean)) return Wrong("mean", "a number that is not finite", "finite numbers");
  for (const float deviation : model.deviation) {
    if (!std::isfinite(deviation) || deviation <= 0.0F) {
      return Wrong("deviation", absl::StrCat(deviation), "finite numbers > 0");
    }
  }
  constexpr double kLeast = std::numeric_limits<double>::min();
  absl::Status status = CheckRange("clamp", static_cast<double>(model.clamp), kLeast, kMaxClamp);
  status.Update(CheckEnsemble(model.ensemble));
  status.Update(CheckRange("smoothing_allowance", model.smoothing_allowance, 0.0, 1.0));
  status.Update(CheckCalibration(model.calibration));
  status.Update(CheckRange("coverage", model.coverage, 0.0, 1.0));
  status.Update(CheckRange("margin", model.margin, 0.0, 1.0));
  status.Update(CheckRange("novelty_limit", model.novelty_limit, kLeast, kMaxNovelty));
  return status;
}

std::string ModelJson(const QualityModel& model) {
  json ensemble = json::array();
  for (const Perceptron& network : model.ensemble) {
    json layers = json::array();
    for (const Dense& dense : network) layers.push_back(DenseJson(dense));
    ensemble.push_back(std::move(layers));
  }
  json knots = json::array();
  for (const CalibrationKnot& knot : model.calibration) knots.push_back(json::array({knot.raw, knot.calibrated}));
  json names = json::array();
  for (const std::string_view name : FeatureNames()) names.push_back(std::string(name));
  const json object = {{"features", std::move(names)},    {"mean", model.mean},
                       {"deviation", model.deviation},    {"clamp", model.clamp},
                       {"ensemble", std::move(ensemble)}, {"smoothing_allowance", model.smoothing_allowance},
                       {"calibration", std::move(knots)}, {"coverage", model.coverage},
                       {"margin", model.margin},          {"novelty_limit", model.novelty_limit}};
  return object.dump() + "\n";
}

absl::StatusOr<QualityModel> ParseModelJson(std::string_view text) {
  absl::StatusOr<json> object = ParseObject(text, kFile);
  if (!object.ok()) return object.status();
  ObjectReader reader(*object, kFile);
  QualityModel model;
  reader.Merge(CheckFeatureNames(reader.Array("features", kFeatures, kFeatures), reader.PathOf("features")));
  CopyFloats(reader.Floats("mean", kFeatures), model.mean);
  CopyFloats(reader.Floats("deviation", kFeatures), model.deviation);
  model.clamp = static_cast<float>(reader.Number("clamp", 0.0, kMaxClamp));
  for (const json& layers : reader.Array("ensemble", 1, kMaxNetworks)) {
    absl::StatusOr<Perceptron> network =
        ParsePerceptron(layers, absl::StrCat(reader.PathOf("ensemble"), "[", model.ensemble.size(), "]"));
    if (!network.ok()) return network.status();
    model.ensemble.push_back(*std::move(network));
  }
  model.smoothing_allowance = reader.Number("smoothing_allowance", 0.0, 1.0);
  for (const json& pair : reader.Array("calibration", 2, kMaxKnots)) {
    absl::StatusOr<CalibrationKnot> knot =
        ParseKnot(pair, absl::StrCat(reader.PathOf("calibration"), "[", model.calibration.size(), "]"));
    if (!knot.ok()) return knot.status();
    model.calibration.push_back(*knot);
  }
  model.coverage = reader.Number("coverage", 0.0, 1.0);
  model.margin = reader.Number("margin", 0.0, 1.0);
  model.novelty_limit = reader.Number("novelty_limit", 0.0, kMaxNovelty);
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  if (absl::Status status = CheckModel(model); !status.ok()) return status;
  return model;
}

}  // namespace giot::quality
