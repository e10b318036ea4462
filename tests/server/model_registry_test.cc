#include "server/engine/model_registry.h"

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/models/bundle/scratch.h"
#include "tests/models/bundle/test_bundle.h"

namespace giot::engine {
namespace {

using bundle::Family;

TEST(ParseModelIdTest, WantsNameAndVersion) {
  EXPECT_EQ(*ParseModelId("screening/3"), (ModelId{"screening", 3}));
  for (const char* bad : {"screening", "screening/", "/1", "screening/0", "screening/x", ""}) {
    EXPECT_EQ(ParseModelId(bad).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

TEST(FindModelsTest, ListsVersionsInOrderAndPassesOverEverythingElse) {
  const auto root = bundle::ScratchDirectory();
  for (const char* folder : {"b/2", "b/10", "a/1", "a/.1.tmp"}) std::filesystem::create_directories(root / folder);
  std::ofstream(root / "README.md") << "not a model";
  const auto models = FindModels(root);
  ASSERT_TRUE(models.ok()) << models.status();
  EXPECT_THAT(*models, testing::ElementsAre(ModelId{"a", 1}, ModelId{"b", 2}, ModelId{"b", 10}));
}

TEST(FindModelsTest, PassesOverModelsOfQuality) {
  const auto root = bundle::ScratchDirectory();
  for (const char* folder : {"quality/1", "screening/1"}) std::filesystem::create_directories(root / folder);
  const auto models = FindModels(root);
  ASSERT_TRUE(models.ok()) << models.status();
  EXPECT_THAT(*models, testing::ElementsAre(ModelId{"screening", 1}));
}

TEST(FindModelsTest, AMissingRootIsNotFound) {
  EXPECT_EQ(FindModels("/nonexistent/models").status().code(), absl::StatusCode::kNotFound);
}

class ModelRegistryTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = bundle::ScratchDirectory();
    bundle::WriteTestBundle(root_, "screening", 1);
    bundle::WriteTestBundle(root_, "screening", 2);
  }

  std::filesystem::path root_;
};

TEST_F(ModelRegistryTest, ServesTheHighestVersionOfTheFirstNameByDefault) {
  bundle::WriteTestBundle(root_, "other", 7);
  const auto registry = ModelRegistry::Load(root_, {{"screening", 1}, {"screening", 2}, {"other", 7}}, {});
  EXPECT_TRUE(registry.all_ready());
  EXPECT_EQ((*registry.Find(Family::kScreening, "", 0))->manifest().version, 2);
  EXPECT_EQ((*registry.Find(Family::kScreening, "screening", 1))->manifest().version, 1);
  EXPECT_EQ((*registry.Find(Family::kScreening, "other", 0))->manifest().name, "other");
}

TEST_F(ModelRegistryTest, EveryFamilyHasItsDefault) {
  bundle::WriteTestBundle(root_, "hesitant", 3, Family::kUncertain);
  bundle::WriteTestBundle(root_, "another", 9, Family::kUncertain);
  const auto registry =
      ModelRegistry::Load(root_, {{"screening", 1}, {"hesitant", 3}, {"another", 9}, {"screening", 2}}, {});
  ASSERT_TRUE(registry.all_ready());
  EXPECT_EQ((*registry.Find(Family::kScreening, "", 0))->manifest().name, "screening");
  EXPECT_EQ((*registry.Find(Family::kUncertain, "", 0))->manifest().name, "hesitant");
  EXPECT_EQ((*registry.Find(Family::kUncertain, "another", 0))->manifest().version, 9);
  const absl::Status none = registry.Find(Family::kFreshness, "", 0).status();
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(none.message()), testing::HasSubstr("freshness"));
}

TEST_F(ModelRegistryTest, AModelOfAnotherFamilyIsRefused) {
  bundle::WriteTestBundle(root_, "hesitant", 3, Family::kUncertain);
  const auto registry = ModelRegistry::Load(root_, {{"screening", 1}, {"hesitant", 3}}, {});
  const absl::Status status = registry.Find(Family::kFreshness, "hesitant", 0).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              testing::AllOf(testing::StartsWith("model_name: got hesitant"), testing::HasSubstr("uncertain"),
                             testing::HasSubstr("freshness")));
}

TEST_F(ModelRegistryTest, NamesWhatWasAskedForAndWhatIsThere) {
  const auto registry = ModelRegistry::Load(root_, {{"screening", 1}}, {});
  const absl::Status status = registry.Find(Family::kScreening, "screening", 9).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()),
              testing::AllOf(testing::HasSubstr("screening/9"), testing::HasSubstr("screening/1")));
}

TEST_F(ModelRegistryTest, ABadBundleIsNeverReadyAndTheOthersServe) {
  std::filesystem::resize_file(root_ / "screening/2/policy.pt", 100);
  const auto registry = ModelRegistry::Load(root_, {{"screening", 1}, {"screening", 2}}, {});
  EXPECT_FALSE(registry.all_ready());
  EXPECT_FALSE(registry.entries()[1].status.ok());
  EXPECT_EQ(registry.entries()[1].bundle, nullptr);
  EXPECT_EQ((*registry.Find(Family::kScreening, "", 0))->manifest().version, 1);
  EXPECT_EQ(registry.Find(Family::kScreening, "screening", 2).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ModelRegistryTest, ABundleInAnotherModelsFolderIsRefused) {
  std::filesystem::rename(root_ / "screening/2", root_ / "screening/3");
  const auto registry = ModelRegistry::Load(root_, {{"screening", 3}}, {});
  EXPECT_EQ(registry.entries()[0].status.code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::engine
