#include "server/quality/history_file.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/server/quality/scratch.h"

namespace giot::scoring {
namespace {

constexpr std::uintmax_t kMagicBytes = 15;
constexpr std::uintmax_t kRecordBytes = 104;

HistoryRecord Record(int number) {
  HistoryRecord record;
  record.source = quality::Sha256("source");
  record.image.sha256 = quality::Sha256(std::to_string(number));
  record.image.perceptual_hash = 0x8000000000000001U + static_cast<std::uint64_t>(number);
  record.image.captured_at_us = -number;
  record.image.latitude = 47.5 + number;
  record.image.longitude = -0.0;
  return record;
}

void ExpectSame(const HistoryRecord& a, const HistoryRecord& b) {
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.image.sha256, b.image.sha256);
  EXPECT_EQ(a.image.perceptual_hash, b.image.perceptual_hash);
  EXPECT_EQ(a.image.captured_at_us, b.image.captured_at_us);
  EXPECT_EQ(a.image.latitude, b.image.latitude);
  EXPECT_EQ(a.image.longitude, b.image.longitude);
}

class HistoryFileTest : public testing::Test {
 protected:
  void SetUp() override { path_ = Scratch() / "history"; }

  // Opens, collects what is there into read_, and appends.
  absl::Status OpenAndAppend(const std::vector<int>& numbers = {}) {
    read_.clear();
    auto file = HistoryFile::Open(path_, [this](const HistoryRecord& record) { read_.push_back(record); });
    if (!file.ok()) return file.status();
    for (const int number : numbers) {
      if (absl::Status status = file->Append(Record(number)); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  std::string Bytes() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void SetBytes(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

  std::filesystem::path path_;
  std::vector<HistoryRecord> read_;
};

TEST_F(HistoryFileTest, GivesBackWhatWasAppendedInOrder) {
  ASSERT_TRUE(OpenAndAppend({1, 2}).ok());
  ASSERT_TRUE(OpenAndAppend({3}).ok());
  ASSERT_TRUE(OpenAndAppend().ok());
  ASSERT_EQ(read_.size(), 3U);
  for (int i = 0; i < 3; ++i) ExpectSame(read_[static_cast<std::size_t>(i)], Record(i + 1));
  EXPECT_EQ(std::filesystem::file_size(path_), kMagicBytes + 3 * kRecordBytes);
}

TEST_F(HistoryFileTest, ARecordCutOffAtTheEndIsDroppedAndOverwritten) {
  for (const std::uintmax_t left : {std::uintmax_t{1}, kRecordBytes / 2, kRecordBytes - 1}) {
    std::filesystem::remove(path_);
    ASSERT_TRUE(OpenAndAppend({1, 2}).ok());
    std::filesystem::resize_file(path_, kMagicBytes + kRecordBytes + left);
    ASSERT_TRUE(OpenAndAppend({3}).ok());
    EXPECT_EQ(read_.size(), 1U);
    ASSERT_TRUE(OpenAndAppend().ok());
    ASSERT_EQ(read_.size(), 2U);
    ExpectSame(read_[1], Record(3));
  }
}

TEST_F(HistoryFileTest, AFileCutOffInItsFirstLineIsEmpty) {
  SetBytes("giot hi");
  ASSERT_TRUE(OpenAndAppend({1}).ok());
  ASSERT_TRUE(OpenAndAppend().ok());
  EXPECT_EQ(read_.size(), 1U);
}

TEST_F(HistoryFileTest, AnyFlippedByteIsDataLoss) {
  ASSERT_TRUE(OpenAndAppend({1, 2}).ok());
  const std::string good = Bytes();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    SetBytes(bad);
    EXPECT_EQ(OpenAndAppend().code(), absl::StatusCode::kDataLoss) << "byte " << i;
  }
}

TEST_F(HistoryFileTest, SomebodyElsesFileIsLeftAlone) {
  SetBytes("a shopping list that is longer than a record's first line");
  EXPECT_EQ(OpenAndAppend({1}).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Bytes(), "a shopping list that is longer than a record's first line");
}

TEST_F(HistoryFileTest, NobodyElseMayOpenIt) {
  const auto ignore = [](const HistoryRecord&) {};
  auto first = HistoryFile::Open(path_, ignore);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(HistoryFile::Open(path_, ignore).status().code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(first->Replace({}).ok());
  EXPECT_EQ(HistoryFile::Open(path_, ignore).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(HistoryFileTest, ReplacedRecordsAreAllThereIsAndMoreMayFollow) {
  {
    auto file = HistoryFile::Open(path_, [](const HistoryRecord&) {});
    ASSERT_TRUE(file.ok()) << file.status();
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(file->Append(Record(i)).ok());
    ASSERT_TRUE(file->Replace({Record(7), Record(8)}).ok());
    EXPECT_EQ(file->records(), 2);
    ASSERT_TRUE(file->Append(Record(9)).ok());
  }
  ASSERT_TRUE(OpenAndAppend().ok());
  ASSERT_EQ(read_.size(), 3U);
  for (int i = 0; i < 3; ++i) ExpectSame(read_[static_cast<std::size_t>(i)], Record(i + 7));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path_.parent_path()), {}), 1);
}

TEST_F(HistoryFileTest, AFolderThatIsNotThereIsUnavailable) {
  path_ = path_ / "below/a/file";
  EXPECT_EQ(OpenAndAppend().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace giot::scoring
