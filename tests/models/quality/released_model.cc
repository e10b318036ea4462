#include "tests/models/quality/released_model.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <opencv2/core.hpp>
#include <string>

#include "gtest/gtest.h"
#include "models/quality/image_header.h"
#include "models/quality/smoothing.h"

namespace giot::quality {
namespace {

QualityModel LoadNewest() {
  const std::filesystem::path root = GIOT_RELEASED_QUALITY_DIR;
  int newest = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    newest = std::max(newest, std::atoi(entry.path().filename().c_str()));
  }
  return LoadQualityModel(root / std::to_string(newest)).value();
}

}  // namespace

const QualityModel& ReleasedModel() {
  static const auto* const kModel = new QualityModel(LoadNewest());
  return *kModel;
}

SensingScore ReleasedScore(std::string_view bytes) {
  const auto header = ReadImageHeader(bytes);
  EXPECT_TRUE(header.ok()) << header.status();
  if (!header.ok()) return {};
  Capture capture;
  capture.is_signed = true;
  Requirements requirements;
  requirements.width = header->width;
  requirements.height = header->height;
  auto score = ScoreImage(ReleasedModel(), bytes, capture, requirements, "nonce", {});
  EXPECT_TRUE(score.ok()) << score.status();
  return score.ok() ? *std::move(score) : SensingScore();
}

double ReleasedQuality(const cv::Mat& image, std::uint64_t patch_seed) {
  const QualityModel& model = ReleasedModel();
  const FeaturePair features = ComputeFeaturePair(image, patch_seed);
  return Calibrate(model, std::min(Evaluate(model, features.image).usefulness,
                                   Evaluate(model, features.smoothed).usefulness + model.smoothing_allowance));
}

}  // namespace giot::quality
