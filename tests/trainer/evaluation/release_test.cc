#include "trainer/evaluation/release.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/bundle/bundle_files.h"
#include "tests/trainer/small_bundle.h"
#include "tests/trainer/test_folder.h"

namespace giot::trainer {
namespace {

TEST(NewestReleaseTest, ComparesVersionsAsNumbers) {
  const std::filesystem::path folder = TestFolder();
  for (const char* name : {"2", "10", "9", ".3.abcdef", "notes"}) {
    std::filesystem::create_directories(folder / "screening" / name);
  }
  EXPECT_EQ(NewestRelease(folder, "screening"), folder / "screening" / "10");
}

TEST(NewestReleaseTest, NoneWhereNothingIsReleased) {
  const std::filesystem::path folder = TestFolder();
  EXPECT_EQ(NewestRelease(folder, "screening"), std::nullopt);
  std::filesystem::create_directories(folder / "screening");
  EXPECT_EQ(NewestRelease(folder, "screening"), std::nullopt);
}

TEST(PromoteBundleTest, MovesTheBundleAsItIs) {
  const std::filesystem::path folder = TestFolder();
  const std::filesystem::path candidate = WriteSmallBundle(folder / "runs", 4);
  const auto bundle = bundle::Bundle::Load(candidate);
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  const auto released = PromoteBundle(candidate, **bundle, folder / "released");
  ASSERT_TRUE(released.ok()) << released.status();
  EXPECT_EQ(*released, folder / "released" / "screening" / "4");
  EXPECT_EQ((*bundle::Bundle::Load(*released))->digest(), (*bundle)->digest());
  EXPECT_FALSE(std::filesystem::exists(candidate));
}

TEST(PromoteBundleTest, AReleasedVersionNeverChanges) {
  const std::filesystem::path folder = TestFolder();
  const std::filesystem::path released = WriteSmallBundle(folder / "released", 4, 1);
  const std::filesystem::path candidate = WriteSmallBundle(folder / "runs", 4, 2);
  const std::string manifest = ReadAll(released / bundle::kManifestFile);
  const auto bundle = bundle::Bundle::Load(candidate);
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ(PromoteBundle(candidate, **bundle, folder / "released").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadAll(released / bundle::kManifestFile), manifest);
  EXPECT_TRUE(std::filesystem::exists(candidate));
}

TEST(PromoteBundleTest, ABundleThatChangedMeanwhileIsNotReleased) {
  const std::filesystem::path folder = TestFolder();
  const std::filesystem::path candidate = WriteSmallBundle(folder / "runs", 4);
  const auto bundle = bundle::Bundle::Load(candidate);
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  std::ofstream(candidate / bundle::kModelCardFile) << "another card";
  EXPECT_FALSE(PromoteBundle(candidate, **bundle, folder / "released").ok());
  EXPECT_FALSE(std::filesystem::exists(folder / "released" / "screening" / "4"));
  EXPECT_EQ(NewestRelease(folder / "released", "screening"), std::nullopt);
}

}  // namespace
}  // namespace giot::trainer
