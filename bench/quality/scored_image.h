#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/quality/rivals.h"
#include "models/quality/quality_model.h"
#include "trainer/quality/judgement.h"
#include "trainer/quality/quality_data.h"

namespace giot::bench {

// An image with what is known of it and what every metric says of it.
struct ScoredImage {
  trainer::JudgedImage judged;
  double plain_usefulness = 0.0;  // The label before its calibration against the task.
  double score = 0.0;             // Calibrated.
  double lower = 0.0;             // Its lower bound.
  double brisque = 0.0;
  double niqe = 0.0;
};

// Who scores, and by what labels.
struct Judges {
  const quality::QualityModel* model = nullptr;
  const Rivals* rivals = nullptr;
  trainer::Weights weights{};
  trainer::MeasureOptions measure;  // With one look.
};

// The images of trainer::PlanEvaluation, of every frame of the scenes with these indices.
absl::StatusOr<std::vector<ScoredImage>> ScoreDistorted(const std::vector<trainer::Scene>& scenes,
                                                        const std::vector<int>& indices,
                                                        const trainer::DataSettings& settings, const Judges& judges);

// The clean image and all corruptions at all severities, of every frame of the scenes with these indices.
absl::StatusOr<std::vector<ScoredImage>> ScoreCorrupted(const std::vector<trainer::Scene>& scenes,
                                                        const std::vector<int>& indices, const Judges& judges);

// One line an image.
absl::Status WriteImages(const std::filesystem::path& path, const std::vector<ScoredImage>& images);

}  // namespace giot::bench
