// The newest released quality model on road images that it was not trained on. Bounds are a little below what was
// measured on these few images.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/detection/vehicle_detector.h"
#include "models/quality/quality_model.h"
#include "trainer/quality/judgement.h"
#include "trainer/quality/quality_evaluation.h"
#include "trainer/quality/recipe.h"
#include "trainer/quality/sample.h"
#include "trainer/quality/scenes.h"

namespace giot::trainer {
namespace {

constexpr char kImages[] = "sensing/udacity/udacity+CarND-Vehicle-Detection/test_images";
constexpr int kLevels = 3;

std::filesystem::path Bundle() {
  const std::filesystem::path root = GIOT_RELEASED_QUALITY_DIR;
  int newest = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    newest = std::max(newest, std::atoi(entry.path().filename().c_str()));
  }
  return root / std::to_string(newest);
}

Weights ReleasedWeights() {
  std::ifstream stream(Bundle() / "manifest.json");
  const nlohmann::json metrics = nlohmann::json::parse(stream).at("metrics");
  Weights weights;
  for (std::size_t i = 0; i < kParts; ++i) {
    weights[i] = metrics.at("label_weight_" + std::string(NameOf(static_cast<Part>(i))));
  }
  return weights;
}

struct Measured {
  std::vector<JudgedImage> images;
  std::vector<double> scores;
  double margin = 0.0;
};

// Every kind of distortion at three levels, and attacks on one distorted image, of six road images.
const Measured& HeldOut(const std::string& data) {
  static const Measured* const measured = [&] {
    auto* const result = new Measured;
    const quality::QualityModel model = quality::LoadQualityModel(Bundle()).value();
    const std::vector<Scene> scenes = LoadScenes({.root = data, .images = {kImages}}).value();
    std::vector<int> indices;
    for (std::size_t i = 0; i < scenes.size(); ++i) indices.push_back(static_cast<int>(i));
    std::vector<Sample> samples = PlanSamples(
        scenes, indices, [](std::uint64_t seed) { return PlanEvaluation(camera::AllDistortions(), kLevels, 2, seed); });
    detection::VehicleDetector detector =
        detection::VehicleDetector::Load(std::filesystem::path(data) / "detector/FastestDet.onnx").value();
    MeasureOptions options;
    options.detector = &detector;
    EXPECT_TRUE(Measure(scenes, options, samples).ok());
    const Weights weights = ReleasedWeights();
    for (const Sample& sample : samples) result->images.push_back(ToJudged(sample, weights));
    result->scores = ScoresOf(model, samples);
    result->margin = model.margin;
    return result;
  }();
  return *measured;
}

class ReleasedModelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* const data = std::getenv("GIOT_DATA");
    if (data == nullptr) GTEST_SKIP() << "GIOT_DATA, the folder with road images, is not set";
    measured_ = &HeldOut(data);
  }
  const Measured* measured_ = nullptr;
};

TEST_F(ReleasedModelTest, FollowsUsefulness) {
  const Judgement judgement = Judge(measured_->images, measured_->scores);
  EXPECT_GT(judgement.usefulness.value, 0.88);
  EXPECT_GT(judgement.ordered_pairs, 0.94);
}

TEST_F(ReleasedModelTest, RewardsNoCheapTricks) {
  const Judgement judgement = Judge(measured_->images, measured_->scores);
  EXPECT_LT(judgement.attack_gains[static_cast<std::size_t>(camera::Attack::kFineGrain)], 0.01);
  EXPECT_LT(judgement.best_attack_gain, 0.12);
}

TEST_F(ReleasedModelTest, PaysSeldomMoreThanAnImageIsWorth) {
  std::vector<JudgedImage> honest;
  std::vector<double> lower;
  for (std::size_t i = 0; i < measured_->images.size(); ++i) {
    if (measured_->images[i].attack) continue;
    honest.push_back(measured_->images[i]);
    lower.push_back(std::max(0.0, measured_->scores[i] - measured_->margin));
  }
  const Payment payment = JudgePayment(honest, lower);
  EXPECT_GT(payment.coverage, 0.85);
  EXPECT_LT(payment.overpayment_p95, 0.15);
}

}  // namespace
}  // namespace giot::trainer
