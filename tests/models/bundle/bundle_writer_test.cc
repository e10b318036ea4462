#include "models/bundle/bundle_writer.h"

#include <sys/stat.h>

#include <limits>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "models/bundle/bundle.h"
#include "models/bundle/bundle_files.h"
#include "tests/models/bundle/scratch.h"
#include "tests/models/bundle/test_bundle.h"
#include "tests/models/bundle/test_environment.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;

Manifest ExampleManifest() {
  Manifest manifest;
  manifest.name = "example";
  manifest.version = 2;
  manifest.ranges = TestRanges();
  manifest.training_command = "none";
  manifest.trainer_version = "test";
  return manifest;
}

policy::DiffusionPolicy SmallPolicy(Family family = Family::kScreening) {
  torch::manual_seed(1);
  return policy::DiffusionPolicy(policy::PolicyConfig{.hidden = 32, .steps = 2}, TestEnvironment(family));
}

std::set<std::string> NamesIn(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

TEST(BundleWriterTest, WritesTheFilesOfTheFormatAndNothingElse) {
  const std::filesystem::path root = ScratchDirectory();
  ASSERT_TRUE(WriteBundle(root, ExampleManifest(), SmallPolicy()).ok());
  EXPECT_EQ(NamesIn(root), std::set<std::string>{"example"});
  EXPECT_EQ(NamesIn(root / "example"), std::set<std::string>{"2"});
  EXPECT_EQ(NamesIn(root / "example" / "2"),
            (std::set<std::string>{"policy.pt", "canary.json", "MODEL_CARD.md", "manifest.json", "manifest.sha256"}));
}

TEST(BundleWriterTest, DescribesTheNetworkThatItWrote) {
  const std::filesystem::path root = ScratchDirectory();
  ASSERT_TRUE(WriteBundle(root, ExampleManifest(), SmallPolicy()).ok());
  const auto bundle = Bundle::Load(root / "example" / "2");
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->manifest().hidden, 32);
  EXPECT_EQ((*bundle)->manifest().steps, 2);
  std::int64_t parameters = 0;
  for (const torch::Tensor& parameter : SmallPolicy()->parameters()) parameters += parameter.numel();
  EXPECT_EQ((*bundle)->manifest().parameters, parameters);
}

TEST(BundleWriterTest, FamilyIsThatOfThePolicysEnvironment) {
  const std::filesystem::path root = ScratchDirectory();
  for (const Family family : {Family::kUncertain, Family::kFreshness}) {
    Manifest manifest = ExampleManifest();
    manifest.name = std::string(NameOf(family));
    manifest.ranges = TestRanges(family);
    const absl::Status status = WriteBundle(root, manifest, SmallPolicy(family));
    ASSERT_TRUE(status.ok()) << status;
    const auto bundle = Bundle::Load(root / manifest.name / "2");
    ASSERT_TRUE(bundle.ok()) << bundle.status();
    EXPECT_EQ((*bundle)->manifest().family, family);
  }
}

TEST(BundleWriterTest, RangesOfAnotherFamilyAreInvalid) {
  const std::filesystem::path root = ScratchDirectory();
  EXPECT_EQ(WriteBundle(root, ExampleManifest(), SmallPolicy(Family::kUncertain)).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(NamesIn(root).empty());
}

TEST(BundleWriterTest, OtherUsersMayReadWhatWasPublished) {
  const std::filesystem::path root = ScratchDirectory();
  ASSERT_TRUE(WriteBundle(root, ExampleManifest(), SmallPolicy()).ok());
  struct stat folder {};
  ASSERT_EQ(::stat((root / "example" / "2").c_str(), &folder), 0);
  EXPECT_EQ(folder.st_mode & 0777U, 0755U);
}

TEST(BundleWriterTest, PublishedVersionNeverChanges) {
  const std::filesystem::path root = ScratchDirectory();
  ASSERT_TRUE(WriteBundle(root, ExampleManifest(), SmallPolicy()).ok());
  const std::string before = ReadBytes(root / "example" / "2" / kManifestFile);
  Manifest changed = ExampleManifest();
  changed.training_command = "another";
  EXPECT_EQ(WriteBundle(root, changed, SmallPolicy()).code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadBytes(root / "example" / "2" / kManifestFile), before);
  EXPECT_EQ(NamesIn(root / "example"), std::set<std::string>{"2"});
}

TEST(BundleWriterTest, SignedBundleLoadsWithItsKeyAlone) {
  const std::string seed(64, '1');
  // The public key of the seed 0x11.. (computed by libsodium).
  const std::string public_key = "d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737";
  const std::filesystem::path root = ScratchDirectory();
  const absl::Status status = WriteBundle(root, ExampleManifest(), SmallPolicy(), {.secret_key = seed + public_key});
  ASSERT_TRUE(status.ok()) << status;
  const std::filesystem::path folder = root / "example" / "2";
  EXPECT_TRUE(Bundle::Load(folder).ok());
  EXPECT_TRUE(Bundle::Load(folder, {.required_public_key = public_key}).ok());
  EXPECT_EQ(Bundle::Load(folder, {.required_public_key = std::string(64, '2')}).status().code(), StatusCode::kDataLoss);
}

TEST(BundleWriterTest, InvalidManifestIsToldBeforeAnythingIsWritten) {
  const std::filesystem::path root = ScratchDirectory();
  Manifest traversal = ExampleManifest();
  traversal.name = "../outside";
  EXPECT_EQ(WriteBundle(root, traversal, SmallPolicy()).code(), StatusCode::kInvalidArgument);
  Manifest unversioned = ExampleManifest();
  unversioned.version = 0;
  EXPECT_EQ(WriteBundle(root, unversioned, SmallPolicy()).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(WriteBundle(root, ExampleManifest(), SmallPolicy(), {.secret_key = "short"}).code(),
            StatusCode::kInvalidArgument);
  EXPECT_TRUE(NamesIn(root).empty());
}

TEST(BundleWriterTest, PolicyThatIsNotFiniteLeavesNothingBehind) {
  const std::filesystem::path root = ScratchDirectory();
  policy::DiffusionPolicy policy = SmallPolicy();
  {
    const torch::NoGradGuard guard;
    policy->named_parameters()["head.bias"].fill_(std::numeric_limits<float>::infinity());
  }
  EXPECT_FALSE(WriteBundle(root, ExampleManifest(), policy).ok());
  EXPECT_TRUE(NamesIn(root).empty());
}

TEST(BundleWriterTest, BundleThatDoesNotLoadBackIsNeverPublished) {
  // The clamp hides the infinity from every answer: only the check on load sees it.
  const std::filesystem::path root = ScratchDirectory();
  policy::DiffusionPolicy policy = SmallPolicy();
  {
    const torch::NoGradGuard guard;
    policy->named_parameters()["out.weight"].zero_();
    policy->named_parameters()["out.bias"].fill_(std::numeric_limits<float>::infinity());
  }
  EXPECT_EQ(WriteBundle(root, ExampleManifest(), policy).code(), StatusCode::kDataLoss);
  EXPECT_TRUE(NamesIn(root).empty());
}

TEST(BundleWriterTest, RootThatCannotBeWrittenIsAnError) {
  const std::filesystem::path root = ScratchDirectory();
  WriteBytes(root / "file", "");
  EXPECT_FALSE(WriteBundle(root / "file", ExampleManifest(), SmallPolicy()).ok());
}

}  // namespace
}  // namespace giot::bundle
