#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "models/bundle/bundle.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/digest.h"
#include "models/bundle/steady_answers.h"
#include "models/contract/market_sampler.h"
#include "models/contract/market_traits.h"
#include "models/policy/noise.h"
#include "tests/models/bundle/random_markets.h"
#include "tests/models/bundle/scratch.h"
#include "tests/models/bundle/test_bundle.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;

class BundleOfFamilyTest : public testing::TestWithParam<Family> {
 protected:
  static std::filesystem::path WriteBundleOfFamily() {
    const std::string root =
        (std::filesystem::path(testing::TempDir()) / "bundle_of").string() + std::string(NameOf(GetParam()));
    std::filesystem::remove_all(root);
    return WriteTestBundle(root, "some", 1, GetParam());
  }
};

TEST_P(BundleOfFamilyTest, GoodBundleServesOnTheFusedRunner) {
  const auto bundle = Bundle::Load(WriteBundleOfFamily());
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->manifest().family, GetParam());
  EXPECT_EQ((*bundle)->fast_runner_refusal(), std::nullopt);
  EXPECT_EQ((*bundle)->runner().name().substr(0, 6), "fused-");
  EXPECT_EQ((*bundle)->torchscript_runner().name(), "torchscript");
}

TEST_P(BundleOfFamilyTest, RunnersAnswerAlikeOnMarketsThatTheCanaryDoesNotHold) {
  const auto bundle = Bundle::Load(WriteBundleOfFamily());
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  const FamilyShape& shape = ShapeOf(GetParam());
  std::mt19937_64 random(17);
  int compared = 0;
  for (int i = 0; i < 100; ++i) {
    const contract::PackedMarket market = RandomMarket(GetParam(), 2 + i % (shape.types - 1), random);
    const auto width = static_cast<std::size_t>(shape.channels * market.types);
    std::vector<float> noise(3 * width);
    policy::FillGaussian(3, static_cast<std::uint64_t>(i), absl::MakeSpan(noise));
    std::vector<float> fused(width);
    std::vector<float> scripted(width);
    const PolicyRunner& reference = (*bundle)->torchscript_runner();
    ASSERT_TRUE((*bundle)->runner().Run(market, noise, 1, absl::MakeSpan(fused)).ok());
    ASSERT_TRUE(reference.Run(market, noise, 1, absl::MakeSpan(scripted)).ok());
    if (MayHingeOnRounding(GetParam()) && !SteadyAnswers(reference, market, noise, 1, scripted)->front()) continue;
    ++compared;
    for (std::size_t k = 0; k < width; ++k) EXPECT_NEAR(fused[k], scripted[k], 1e-5);
  }
  EXPECT_GE(compared, MayHingeOnRounding(GetParam()) ? 80 : 100);
}

INSTANTIATE_TEST_SUITE_P(Families, BundleOfFamilyTest,
                         testing::Values(Family::kScreening, Family::kUncertain, Family::kFreshness),
                         [](const auto& instance) { return std::string(NameOf(instance.param)); });

// The first bundle that was released, in the format's first version: it never changes.
TEST(BundleLoadTest, ReleasedBundleOfVersion1LoadsAndServesOnTheFusedRunner) {
  const char* models = std::getenv("GIOT_MODELS");
  ASSERT_NE(models, nullptr);
  const auto bundle = Bundle::Load(std::filesystem::path(models) / "screening" / "1");
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->manifest().family, Family::kScreening);
  EXPECT_EQ((*bundle)->fast_runner_refusal(), std::nullopt);
  std::mt19937_64 random(5);
  int inside = 0;
  for (int i = 0; i < 100; ++i) {
    const contract::ScreeningMarket market = contract::SampleMarket({}, random);
    if (!OutsideRanges((*bundle)->manifest().ranges, contract::Traits(market))) ++inside;
  }
  EXPECT_GE(inside, 98);
}

TEST(BundleLoadTest, NewestReleasedBundleOfEveryFamilyServesOnTheFusedRunner) {
  const char* models = std::getenv("GIOT_MODELS");
  ASSERT_NE(models, nullptr);
  for (const char* name : {"screening", "uncertain", "freshness"}) {
    int newest = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(models) / name)) {
      newest = std::max(newest, std::stoi(entry.path().filename().string()));
    }
    const auto bundle = Bundle::Load(std::filesystem::path(models) / name / std::to_string(newest));
    ASSERT_TRUE(bundle.ok()) << bundle.status();
    EXPECT_EQ(NameOf((*bundle)->manifest().family), name);
    EXPECT_EQ((*bundle)->fast_runner_refusal(), std::nullopt) << name;
  }
}

TEST(BundleLoadTest, TorchScriptOnlyIsNoRefusal) {
  const std::filesystem::path folder = WriteTestBundle(ScratchDirectory());
  const auto bundle = Bundle::Load(folder, {.torchscript_only = true});
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->runner().name(), "torchscript");
  EXPECT_EQ((*bundle)->fast_runner_refusal(), std::nullopt);
}

TEST(BundleLoadTest, DigestIsThatOfTheManifestFile) {
  const std::filesystem::path folder = WriteTestBundle(ScratchDirectory());
  const auto bundle = Bundle::Load(folder);
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->digest(), Sha256Hex(ReadBytes(folder / kManifestFile)));
}

TEST(BundleLoadTest, ManifestTellsWhatWasWritten) {
  const std::filesystem::path folder = WriteTestBundle(ScratchDirectory(), "other", 12);
  const auto bundle = Bundle::Load(folder);
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->manifest().name, "other");
  EXPECT_EQ((*bundle)->manifest().version, 12);
  EXPECT_EQ((*bundle)->manifest().ranges.of.at("types").max, 16);
  EXPECT_EQ((*bundle)->manifest().metrics.at("ratio_mean"), 0.5);
}

TEST(BundleLoadTest, ThreadsThatShareABundleGetTheSameAnswers) {
  const auto bundle = Bundle::Load(WriteTestBundle(ScratchDirectory()));
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  std::mt19937_64 random(23);
  const contract::PackedMarket market = RandomMarket(Family::kScreening, 9, random);
  const std::size_t types = 9;
  std::vector<float> noise(3 * types);
  policy::FillGaussian(4, 0, absl::MakeSpan(noise));
  for (const PolicyRunner* runner : {&(*bundle)->runner(), &(*bundle)->torchscript_runner()}) {
    std::vector<std::vector<float>> answers(4, std::vector<float>(types));
    std::vector<std::thread> threads;
    for (std::vector<float>& levels : answers) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10; ++i) {
          if (!runner->Run(market, noise, 1, absl::MakeSpan(levels)).ok()) levels.assign(types, 2.0F);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::vector<float>& levels : answers) EXPECT_EQ(levels, answers[0]) << runner->name();
    EXPECT_LE(answers[0][0], 1.0F);
  }
}

TEST(BundleLoadTest, MissingFolderIsNotFound) {
  EXPECT_EQ(Bundle::Load(ScratchDirectory() / "none").status().code(), StatusCode::kNotFound);
}

TEST(BundleLoadTest, FolderMayBeReachedThroughALink) {
  const std::filesystem::path root = ScratchDirectory();
  std::filesystem::create_directory_symlink(WriteTestBundle(root), root / "current");
  EXPECT_TRUE(Bundle::Load(root / "current").ok());
}

}  // namespace
}  // namespace giot::bundle
