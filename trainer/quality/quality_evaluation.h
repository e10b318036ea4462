#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/quality/quality_model.h"
#include "trainer/quality/judgement.h"
#include "trainer/quality/quality_data.h"
#include "trainer/quality/quality_training.h"
#include "trainer/quality/usefulness.h"

namespace giot::trainer {

// How a model does on images of scenes that it was not trained on.
struct QualityEvaluation {
  int scenes = 0;
  int frames = 0;
  int images = 0;
  Judgement score;             // Of the calibrated score.
  Judgement plain_label;       // How far the labels themselves, which know the clean image, agree with the task:
  Judgement label;             // before and after calibration.
  double trained_kinds = 0.0;  // Correlation with usefulness over kinds trained on,
  double unseen_kinds = 0.0;   // and over those that were not.
  Payment honest;              // Of images without attacks,
  Payment attacked;            // and with.
};

// Calibrated scores of samples at their first look.
std::vector<double> ScoresOf(const quality::QualityModel& model, const std::vector<Sample>& samples);

QualityEvaluation EvaluateQuality(const quality::QualityModel& model, const QualityData& data, const Weights& weights,
                                  const std::vector<std::string>& unseen_kinds);

// By name, for the manifest.
std::map<std::string, double> MetricsOf(const QualityEvaluation& evaluation, const TrainedModel& trained,
                                        const Weights& weights);

}  // namespace giot::trainer
