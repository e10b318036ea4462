#include "trainer/checkpoint.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/trainer/scripted_algorithm.h"
#include "tests/trainer/test_folder.h"

namespace giot::trainer {
namespace {

void SaveAfter(int steps, ScriptedAlgorithm& algorithm, const CheckpointStore& store) {
  for (int i = 0; i < steps; ++i) ASSERT_TRUE(algorithm.Step(false).ok());
  const absl::Status status = store.Save(algorithm);
  ASSERT_TRUE(status.ok()) << status;
}

TEST(CheckpointStore, RestoresWhatItSaved) {
  const CheckpointStore store(TestFolder() / "checkpoints", 3);
  ScriptedAlgorithm saved(100), restored(100);
  SaveAfter(7, saved, store);
  const absl::Status status = store.LoadNewest(restored, torch::kCPU);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(restored.iteration(), 7);
  EXPECT_EQ(restored.state(), saved.state());
}

TEST(CheckpointStore, KeepsTheNewestFew) {
  const std::filesystem::path folder = TestFolder();
  const CheckpointStore store(folder, 2);
  ScriptedAlgorithm algorithm(100);
  for (int i = 0; i < 4; ++i) SaveAfter(5, algorithm, store);
  EXPECT_EQ(store.Newest(), 20);
  EXPECT_TRUE(std::filesystem::exists(store.PathOf(15)));
  EXPECT_FALSE(std::filesystem::exists(store.PathOf(10)));
  EXPECT_FALSE(std::filesystem::exists(store.PathOf(5)));
}

TEST(CheckpointStore, OrdersByNumberAndNotByName) {
  const std::filesystem::path folder = TestFolder();
  const CheckpointStore store(folder, 3);
  for (const char* name : {"99999999.pt", "100000000.pt"}) std::ofstream(folder / name) << "x";
  EXPECT_EQ(store.Newest(), 100000000);
}

TEST(CheckpointStore, IgnoresWhatACrashLeft) {
  const std::filesystem::path folder = TestFolder();
  const CheckpointStore store(folder, 3);
  ScriptedAlgorithm algorithm(100);
  SaveAfter(5, algorithm, store);
  for (const char* name : {".00000010.pt.partial", "00000010.pt.tmp", "notes.txt"}) std::ofstream(folder / name) << "x";
  EXPECT_EQ(store.Newest(), 5);
  SaveAfter(5, algorithm, store);
  EXPECT_EQ(store.Newest(), 10);
  ScriptedAlgorithm restored(100);
  EXPECT_TRUE(store.LoadNewest(restored, torch::kCPU).ok());
}

TEST(CheckpointStore, WithoutACheckpointIsNotFound) {
  ScriptedAlgorithm algorithm(100);
  const CheckpointStore store(TestFolder() / "none", 3);
  EXPECT_EQ(store.Newest(), std::nullopt);
  EXPECT_EQ(store.LoadNewest(algorithm, torch::kCPU).code(), absl::StatusCode::kNotFound);
}

TEST(CheckpointStore, ATruncatedFileIsRefusedByName) {
  const std::filesystem::path folder = TestFolder();
  const CheckpointStore store(folder, 3);
  ScriptedAlgorithm algorithm(100);
  SaveAfter(5, algorithm, store);
  std::filesystem::resize_file(store.PathOf(5), std::filesystem::file_size(store.PathOf(5)) / 2);
  const absl::Status status = store.LoadNewest(algorithm, torch::kCPU);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("00000005.pt"), std::string::npos);
}

TEST(CheckpointStore, AFlippedBitIsFoundWhereverItIs) {
  const std::filesystem::path folder = TestFolder();
  const CheckpointStore store(folder, 3);
  ScriptedAlgorithm algorithm(100);
  SaveAfter(5, algorithm, store);
  const std::string sound = ReadAll(store.PathOf(5));
  for (std::size_t at = 0; at < sound.size() - 15; at += 97) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    std::ofstream(store.PathOf(5), std::ios::binary) << damaged;
    EXPECT_EQ(store.LoadNewest(algorithm, torch::kCPU).code(), absl::StatusCode::kInvalidArgument) << at;
  }
}

TEST(CheckpointStore, AFileWithoutAChecksumIsStillRead) {
  const std::filesystem::path folder = TestFolder();
  const CheckpointStore store(folder, 3);
  ScriptedAlgorithm algorithm(100), restored(100);
  SaveAfter(5, algorithm, store);
  std::filesystem::resize_file(store.PathOf(5), std::filesystem::file_size(store.PathOf(5)) - 15);
  EXPECT_TRUE(store.LoadNewest(restored, torch::kCPU).ok());
  EXPECT_EQ(restored.state(), algorithm.state());
}

TEST(CheckpointStore, TellsThatItCannotWrite) {
  const std::filesystem::path folder = TestFolder();
  std::ofstream(folder / "file") << "x";
  ScriptedAlgorithm algorithm(100);
  EXPECT_FALSE(CheckpointStore(folder / "file", 3).Save(algorithm).ok());
}

}  // namespace
}  // namespace giot::trainer
