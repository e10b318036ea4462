#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "models/quality/quality_model.h"
#include "trainer/quality/ensemble.h"
#include "trainer/quality/sample.h"
#include "trainer/quality/scenes.h"
#include "trainer/quality/usefulness.h"

namespace giot::trainer {

struct TrainingOptions {
  NetworkSettings network;
  int networks = 5;              // Of the ensemble, each trained without one fold of the places.
  double rendered_weight = 0.5;  // Of rendered roads, where photographs have 1.
  int knots = 24;                // Of the calibration, between 0 and clean.
  double coverage = 0.9;         // Of the lower bound.
  std::uint64_t seed = 1;
  std::function<void(const std::string&)> note;  // Of progress; may be empty.
};

// How the networks do on images of the places that they were not trained on, at every look.
struct OutOfFold {
  double error = 0.0;        // Root mean square, of the guarded usefulness before calibration.
  double correlation = 0.0;  // Spearman's, of the same.
  double clean = 0.0;        // Median for clean images.
};

struct TrainedModel {
  quality::QualityModel model;
  OutOfFold out_of_fold;
};

// What an image is worth to whoever pays: attacks earn nothing, whatever they do to the parts.
std::vector<double> TrueUsefulness(absl::Span<const Sample> samples, const Weights& weights);

// q(image), or q(smoothed image) + allowance where that is less: what is calibrated.
double GuardedUsefulness(const quality::QualityModel& model, const quality::FeaturePair& look);

// The fold, 0 .. folds - 1, of every scene: places stay whole, folds get about as many `sizes` each.
std::vector<int> AssignFolds(const std::vector<Scene>& scenes, const std::vector<double>& sizes, int folds);

// Trains an ensemble on measured samples. Network k learns from all places but those of fold k; what each says of its
// fold gives the calibration, the allowance for smoothed images (the least squared error) and the margin of the lower
// bound (cross-conformal prediction, Vovk 2015, over places, for honest and for attacked images each). Deterministic.
// FailedPrecondition with fewer places than networks, or where no scene
// calibrates.
absl::StatusOr<TrainedModel> TrainQualityModel(const std::vector<Scene>& scenes, const std::vector<Sample>& samples,
                                               const Weights& weights, const TrainingOptions& options);

}  // namespace giot::trainer
