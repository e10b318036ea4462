#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/quality/features.h"

namespace giot::quality {

// What a network reads off an image besides its usefulness; 1 is perfect, 0 unusable.
enum class Factor { kSharpness, kNoise, kExposure, kCompression, kVisibility, kOcclusion };
inline constexpr int kFactors = 6;
std::string_view NameOf(Factor factor);

// y = W x + b.
struct Dense {
  int inputs = 0;
  int outputs = 0;
  std::vector<float> weights;  // [outputs, inputs], row by row.
  std::vector<float> bias;     // [outputs]
};

// 75-64-32-7 perceptron, SiLU between layers, a sigmoid at the end: usefulness, factors.
using Perceptron = std::array<Dense, 3>;

// A point of the calibration G, both in [0, 1].
struct CalibrationKnot {
  double raw = 0.0;
  double calibrated = 0.0;
};

// All numbers that a score depends on besides the submission: what a bundle holds.
struct QualityModel {
  std::string name = "quality";
  int version = 1;
  // SHA-256 of the bundle's manifest.json, lower-case hex: names the model. Empty if not loaded.
  std::string digest;
  // Features enter as (x - mean) / deviation, clamped to [-clamp, clamp].
  Features mean{};
  Features deviation{};
  float clamp = 5.0F;
  std::vector<Perceptron> ensemble;  // Whose mean counts.
  // Guards against added grain: q = min(q(image), q(smoothed image) + allowance).
  double smoothing_allowance = 0.0;
  // G, piecewise linear, knots rising in both; G(clean, sharp) = 1.
  std::vector<CalibrationKnot> calibration;
  // Conformal: with probability `coverage` the true calibrated usefulness is at least the
  // calibrated score less the margin (Vovk et al. 2005; split conformal).
  double coverage = 0.9;
  double margin = 0.0;
  // Root mean square of the normalised features above which an image is unlike those seen in training.
  double novelty_limit = 3.0;
};

// A usefulness in [0, 1] before calibration, and factors.
struct RawScore {
  double usefulness = 0.0;
  double spread = 0.0;   // Standard deviation over the ensemble.
  double novelty = 0.0;  // Root mean square of the normalised, clamped features.
  std::array<double, kFactors> factors{};
};
// `model` as LoadQualityModel gives it, or of the same sizes.
RawScore Evaluate(const QualityModel& model, const Features& features);

// G(raw): piecewise linear between knots, constant before the first and after the last.
double Calibrate(const QualityModel& model, double raw);

// A bundle directory <root>/<name>/<version>: manifest.json (format, digests, metrics),
// model.json, MODEL_CARD.md; written to a temporary name and renamed. FORMAT.md beside
// this file has the bytes. `metrics_json`: an object of name -> number. Errors: InvalidArgument
// naming the field, if the model could not be loaded; AlreadyExists; Unavailable if it cannot be written.
absl::StatusOr<std::filesystem::path> WriteQualityModel(const std::filesystem::path& root, const QualityModel& model,
                                                        std::string_view metrics_json, std::string_view model_card);
// NotFound; DataLoss if a digest differs; InvalidArgument naming the field; Unavailable if reading fails.
absl::StatusOr<QualityModel> LoadQualityModel(const std::filesystem::path& directory);

}  // namespace giot::quality
