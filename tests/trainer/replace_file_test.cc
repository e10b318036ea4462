#include "trainer/replace_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/trainer/test_folder.h"

namespace giot::trainer {
namespace {

TEST(ReplaceFile, CreatesTheFileAndItsFolder) {
  const std::filesystem::path path = TestFolder() / "a" / "b.txt";
  const absl::Status status = ReplaceFile(path, "hello");
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(ReadAll(path), "hello");
}

TEST(ReplaceFile, ReplacesLongerContentWhole) {
  const std::filesystem::path path = TestFolder() / "b.txt";
  ASSERT_TRUE(ReplaceFile(path, "a longer text").ok());
  ASSERT_TRUE(ReplaceFile(path, "short").ok());
  EXPECT_EQ(ReadAll(path), "short");
}

TEST(ReplaceFile, LeavesNothingElseBehind) {
  const std::filesystem::path folder = TestFolder();
  std::ofstream(folder / ".b.txt.partial") << "left by a crash";
  ASSERT_TRUE(ReplaceFile(folder / "b.txt", "x").ok());
  const auto entries = std::filesystem::directory_iterator(folder);
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST(ReplaceFile, KeepsTheOldFileWhereItFails) {
  const std::filesystem::path folder = TestFolder();
  std::filesystem::create_directories(folder / "b.txt" / "child");
  EXPECT_FALSE(ReplaceFile(folder / "b.txt", "x").ok());
  EXPECT_TRUE(std::filesystem::is_directory(folder / "b.txt" / "child"));
}

}  // namespace
}  // namespace giot::trainer
