#include "models/bundle/bundle_files.h"

#include <sys/stat.h>

#include <optional>

#include "gtest/gtest.h"
#include "tests/models/bundle/scratch.h"

namespace giot::bundle {
namespace {

using absl::StatusCode;

TEST(BundleFilesTest, ReadsBackWhatWasWritten) {
  const std::filesystem::path folder = ScratchDirectory();
  const std::string bytes("a\0b\n", 4);
  ASSERT_TRUE(WriteFileSynced(folder, kPolicyFile, bytes).ok());
  const auto read = ReadBundleFile(folder, kPolicyFile);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, bytes);
}

TEST(BundleFilesTest, WritingNeverReplaces) {
  const std::filesystem::path folder = ScratchDirectory();
  ASSERT_TRUE(WriteFileSynced(folder, kPolicyFile, "first").ok());
  EXPECT_EQ(WriteFileSynced(folder, kPolicyFile, "second").code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadBytes(folder / kPolicyFile), "first");
}

TEST(BundleFilesTest, MissingFileIsNotFound) {
  EXPECT_EQ(ReadBundleFile(ScratchDirectory(), kCanaryFile).status().code(), StatusCode::kNotFound);
}

TEST(BundleFilesTest, SymbolicLinkIsRefused) {
  const std::filesystem::path folder = ScratchDirectory();
  WriteBytes(folder / "elsewhere", "{}");
  std::filesystem::create_symlink(folder / "elsewhere", folder / kManifestFile);
  EXPECT_EQ(ReadBundleFile(folder, kManifestFile).status().code(), StatusCode::kInvalidArgument);
}

TEST(BundleFilesTest, DirectoryAndPipeAreRefusedWithoutWaiting) {
  const std::filesystem::path folder = ScratchDirectory();
  std::filesystem::create_directory(folder / kManifestFile);
  ASSERT_EQ(::mkfifo((folder / kPolicyFile).c_str(), 0600), 0);
  EXPECT_EQ(ReadBundleFile(folder, kManifestFile).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadBundleFile(folder, kPolicyFile).status().code(), StatusCode::kInvalidArgument);
}

TEST(BundleFilesTest, AbsurdSizeIsRefusedBeforeReading) {
  const std::filesystem::path folder = ScratchDirectory();
  for (const char* name : {kManifestFile, kPolicyFile, kCanaryFile, kModelCardFile, kSignatureFile}) {
    WriteBytes(folder / name, "");
    // Sparse: a terabyte that occupies nothing, and could not be read into memory.
    std::filesystem::resize_file(folder / name, std::uintmax_t{1} << 40);
    EXPECT_EQ(ReadBundleFile(folder, name).status().code(), StatusCode::kInvalidArgument) << name;
  }
}

TEST(BundleFilesTest, NamesOutsideTheFormatAreNeverOpened) {
  const std::filesystem::path folder = ScratchDirectory();
  WriteBytes(folder / "secret", "s");
  std::filesystem::create_directory(folder / "bundle");
  EXPECT_EQ(ReadBundleFile(folder / "bundle", "../secret").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadBundleFile(folder, "secret").status().code(), StatusCode::kInvalidArgument);
}

TEST(BundleFilesTest, UnexpectedFileIsRefused) {
  const std::filesystem::path folder = ScratchDirectory();
  WriteBytes(folder / kManifestFile, "{}");
  EXPECT_TRUE(CheckNothingElse(folder).ok());
  WriteBytes(folder / "policy.pt~", "");
  EXPECT_EQ(CheckNothingElse(folder).code(), StatusCode::kInvalidArgument);
}

TEST(BundleFilesTest, TemporaryDirectoryLeavesNothingBehind) {
  const std::filesystem::path folder = ScratchDirectory();
  std::filesystem::path path;
  {
    auto temporary = TemporaryDirectory::Create(folder, "7");
    ASSERT_TRUE(temporary.ok()) << temporary.status();
    path = temporary->path();
    WriteBytes(path / "f", "x");
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(BundleFilesTest, RenameRefusesAnExistingTargetEvenIfEmpty) {
  const std::filesystem::path folder = ScratchDirectory();
  std::filesystem::create_directory(folder / "from");
  std::filesystem::create_directory(folder / "to");
  EXPECT_EQ(RenameToNew(folder / "from", folder / "to").code(), StatusCode::kAlreadyExists);
  EXPECT_TRUE(RenameToNew(folder / "from", folder / "new").ok());
  EXPECT_TRUE(std::filesystem::is_directory(folder / "new"));
}

}  // namespace
}  // namespace giot::bundle
