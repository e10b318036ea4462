#include "trainer/evaluation/child_process.h"

#include <gtest/gtest.h>

#include "tests/trainer/test_folder.h"

namespace giot::trainer {
namespace {

TEST(ChildProcessTest, RunsInTheFolderAndWaits) {
  const std::filesystem::path folder = TestFolder();
  ASSERT_TRUE(RunProgram({"sh", "-c", "echo \"$1\" > out", "sh", "two words"}, folder).ok());
  EXPECT_EQ(ReadAll(folder / "out"), "two words\n");
}

TEST(ChildProcessTest, AMissingProgramIsUnavailable) {
  EXPECT_EQ(RunProgram({"no-such-program-anywhere"}, "/").code(), absl::StatusCode::kUnavailable);
}

TEST(ChildProcessTest, AFailureIsInternal) {
  EXPECT_EQ(RunProgram({"sh", "-c", "exit 3"}, "/").code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace giot::trainer
