#include "trainer/quality/quality_training.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "trainer/quality/quality_card.h"
#include "trainer/quality/quality_data.h"
#include "trainer/quality/quality_evaluation.h"

namespace giot::trainer {
namespace {

// A few small rendered roads, one of them held out.
DataSettings SmallSettings() {
  DataSettings settings;
  settings.sources.rendered = 6;
  settings.sources.width = 320;
  settings.sources.height = 180;
  settings.held_out = {"rendered 6"};
  settings.unseen_kinds = {"snow", "droplets"};
  settings.plan = {.severities = 2, .mixtures = 2, .attacks = 6};
  settings.levels = 3;
  settings.bases = 1;
  settings.looks = 1;
  return settings;
}

const QualityData& SmallData() {
  static const QualityData* const data = new QualityData(PrepareQualityData(SmallSettings(), {}).value());
  return *data;
}

TrainingOptions SmallTraining() {
  TrainingOptions options;
  options.networks = 2;
  options.network.epochs = 15;
  options.network.batch = 64;
  options.knots = 8;
  options.coverage = 0.6;  // Five places can't promise .9 of a sixth.
  return options;
}

absl::StatusOr<TrainedModel> TrainSmall() {
  return TrainQualityModel(SmallData().scenes, SmallData().training, kPlainWeights, SmallTraining());
}

TEST(PrepareQualityData, KeepsHeldOutScenesAndUnseenKindsApart) {
  for (const Sample& sample : SmallData().training) {
    EXPECT_NE(SmallData().scenes[static_cast<std::size_t>(sample.scene)].name, "rendered 6");
    for (const Recipe::Step& step : sample.recipe.steps) {
      EXPECT_NE(step.distortion, camera::Distortion::kSnow);
      EXPECT_NE(step.distortion, camera::Distortion::kDroplets);
    }
  }
  // The clean image, 23 kinds at 3 levels, 12 attacks.
  EXPECT_EQ(SmallData().held_out.size(), 1U + 23 * 3 + 12);
}

TEST(PrepareQualityData, NamesTheKindThatIsNone) {
  DataSettings settings = SmallSettings();
  settings.unseen_kinds = {"haste"};
  EXPECT_EQ(PrepareQualityData(settings, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(AssignFolds, KeepsPlacesWholeAndFoldsEven) {
  std::vector<Scene> scenes(6);
  for (std::size_t i = 0; i < scenes.size(); ++i) scenes[i].place = i < 2 ? "road" : std::to_string(i);
  const std::vector<int> folds = AssignFolds(scenes, {1, 1, 1, 1, 1, 1}, 3);
  EXPECT_EQ(folds[0], folds[1]);
  std::map<int, int> sizes;
  for (const int fold : folds) ++sizes[fold];
  EXPECT_EQ(sizes.size(), 3U);
  for (const auto& [fold, size] : sizes) EXPECT_EQ(size, 2);
}

TEST(TrueUsefulness, GivesAttacksNothing) {
  std::vector<Sample> samples(3);
  samples[0].parts.fill(0.5);
  samples[1].parts.fill(0.9);
  samples[2].parts.fill(0.1);
  for (const std::size_t i : {1, 2}) {
    samples[i].recipe.attack = camera::Attack::kSharpen;
    samples[i].recipe.unattacked = 0;
  }
  EXPECT_EQ(TrueUsefulness(samples, kPlainWeights), (std::vector<double>{0.5, 0.5, 0.1}));
}

TEST(TrainQualityModel, LearnsToOrderImagesOfAnotherRoad) {
  const absl::StatusOr<TrainedModel> trained = TrainSmall();
  ASSERT_TRUE(trained.ok()) << trained.status();
  const quality::QualityModel& model = trained->model;
  EXPECT_EQ(model.ensemble.size(), 2U);
  EXPECT_GT(model.margin, 0.0);
  EXPECT_LT(model.margin, 1.0);
  EXPECT_DOUBLE_EQ(quality::Calibrate(model, 1.0), 1.0);
  EXPECT_NEAR(quality::Calibrate(model, trained->out_of_fold.clean), 1.0, 1e-5);
  const QualityEvaluation evaluation = EvaluateQuality(model, SmallData(), kPlainWeights, SmallSettings().unseen_kinds);
  // Four small scenes are no more than a hint; a network that learned nothing is at 0.
  EXPECT_GT(evaluation.score.usefulness.value, 0.5);
  EXPECT_DOUBLE_EQ(evaluation.plain_label.usefulness.value, 1.0);
}

TEST(TrainQualityModel, RepeatsItself) {
  const absl::StatusOr<TrainedModel> a = TrainSmall();
  const absl::StatusOr<TrainedModel> b = TrainSmall();
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(ScoresOf(a->model, SmallData().held_out), ScoresOf(b->model, SmallData().held_out));
  EXPECT_EQ(a->model.margin, b->model.margin);
}

TEST(TrainQualityModel, WantsAPlaceForEveryNetwork) {
  TrainingOptions options = SmallTraining();
  options.networks = 9;
  EXPECT_EQ(TrainQualityModel(SmallData().scenes, SmallData().training, kPlainWeights, options).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(TrainQualityModel, GivesABundleThatLoads) {
  const absl::StatusOr<TrainedModel> trained = TrainSmall();
  ASSERT_TRUE(trained.ok());
  const QualityEvaluation evaluation = EvaluateQuality(trained->model, SmallData(), kPlainWeights, {});
  const auto metrics = MetricsOf(evaluation, *trained, kPlainWeights);
  const std::string card =
      WriteQualityCard({"giot-trainer quality", "Rendered."}, SmallSettings(), SmallData(), *trained, metrics);
  EXPECT_NE(card.find("5 rendered roads"), std::string::npos);
  EXPECT_NE(card.find("usefulness_correlation"), std::string::npos);

  const std::filesystem::path root = std::filesystem::path(::testing::TempDir()) / "quality_root";
  std::filesystem::remove_all(root);
  const auto folder = quality::WriteQualityModel(root, trained->model, nlohmann::json(metrics).dump(), card);
  ASSERT_TRUE(folder.ok()) << folder.status();
  const absl::StatusOr<quality::QualityModel> loaded = quality::LoadQualityModel(*folder);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const quality::Features& features = SmallData().held_out.front().looks.front().image;
  EXPECT_DOUBLE_EQ(quality::Evaluate(*loaded, features).usefulness,
                   quality::Evaluate(trained->model, features).usefulness);
}

}  // namespace
}  // namespace giot::trainer
