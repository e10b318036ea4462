#include "trainer/logging/tensorboard_writer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "trainer/logging/crc32c.h"

namespace giot::trainer {
namespace {

// A reader of its own for the two formats, from their specifications.
template <typename T>
T Read(const std::string& bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(value));
  return value;
}

std::vector<std::string> ReadRecords(const std::string& file) {
  std::vector<std::string> payloads;
  for (std::size_t at = 0; at < file.size();) {
    const auto size = static_cast<std::size_t>(Read<std::uint64_t>(file, at));
    EXPECT_EQ(Read<std::uint32_t>(file, at + 8), MaskedCrc32c(file.substr(at, 8)));
    payloads.push_back(file.substr(at + 12, size));
    EXPECT_EQ(Read<std::uint32_t>(file, at + 12 + size), MaskedCrc32c(payloads.back()));
    at += 16 + size;
  }
  return payloads;
}

// Fields of one protobuf message by number, repeated ones in order; values of
// every wire type as their bytes (varints as 8 of them).
using Message = std::multimap<int, std::string>;

std::uint64_t ReadVarint(const std::string& bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.at(at++));
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) break;
  }
  return value;
}

Message Parse(const std::string& bytes) {
  Message message;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::uint64_t tag = ReadVarint(bytes, at);
    std::size_t size = (tag & 7) == 1 ? 8 : 4;
    if ((tag & 7) == 0) {
      const std::uint64_t value = ReadVarint(bytes, at);
      message.emplace(static_cast<int>(tag >> 3), std::string(reinterpret_cast<const char*>(&value), 8));
      continue;
    }
    if ((tag & 7) == 2) size = static_cast<std::size_t>(ReadVarint(bytes, at));
    message.emplace(static_cast<int>(tag >> 3), bytes.substr(at, size));
    at += size;
  }
  return message;
}

std::string Field(const Message& message, int number) {
  const auto found = message.find(number);
  return found == message.end() ? "missing" : found->second;
}

std::map<std::string, float> ParseScalars(const Message& event) {
  std::map<std::string, float> scalars;
  const Message summary = Parse(Field(event, 5));
  const auto [begin, end] = summary.equal_range(1);
  for (auto value = begin; value != end; ++value) {
    const Message parsed = Parse(value->second);
    scalars[Field(parsed, 1)] = Read<float>(Field(parsed, 2), 0);
  }
  return scalars;
}

std::string OnlyFileIn(const std::filesystem::path& directory) {
  const auto entry = std::filesystem::directory_iterator(directory);
  EXPECT_EQ(std::distance(begin(entry), std::filesystem::directory_iterator()), 1);
  std::ifstream stream(std::filesystem::directory_iterator(directory)->path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::filesystem::path EmptyFolder(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::remove_all(folder);
  return folder;
}

TEST(TensorboardWriter, EncodesAnEventByteForByte) {
  // wall_time 1.0, step 300, summary { value { tag "a", simple_value 1.0 } }.
  const std::string expected(
      "\x09\x00\x00\x00\x00\x00\x00\xf0\x3f"
      "\x10\xac\x02"
      "\x2a\x0a\x0a\x08\x0a\x01\x61\x15\x00\x00\x80\x3f",
      24);
  EXPECT_EQ(ScalarsEvent(1.0, 300, {{"a", 1.0}}), expected);
}

TEST(TensorboardWriter, FramesARecordWithBothChecksums) {
  const std::string record = TfRecord("abc");
  ASSERT_EQ(record.size(), 19u);
  EXPECT_EQ(ReadRecords(record), std::vector<std::string>{"abc"});
}

TEST(TensorboardWriter, StartsAFileWithItsVersion) {
  const std::filesystem::path folder = EmptyFolder("tensorboard_version");
  ASSERT_TRUE(TensorboardWriter::Open(folder, 0).ok());
  const std::vector<std::string> records = ReadRecords(OnlyFileIn(folder));
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(Field(Parse(records[0]), 3), "brain.Event:2");
}

TEST(TensorboardWriter, NamesItsFileAsTensorboardLooksForIt) {
  const std::filesystem::path folder = EmptyFolder("tensorboard_name");
  ASSERT_TRUE(TensorboardWriter::Open(folder, 0).ok());
  const std::string name = std::filesystem::directory_iterator(folder)->path().filename().string();
  EXPECT_NE(name.find("tfevents"), std::string::npos);
}

TEST(TensorboardWriter, WritesScalarsThatAnIndependentReaderFinds) {
  const std::filesystem::path folder = EmptyFolder("tensorboard_scalars");
  absl::StatusOr<TensorboardWriter> writer = TensorboardWriter::Open(folder, 0);
  ASSERT_TRUE(writer.ok()) << writer.status();
  ASSERT_TRUE(writer->Write(7, {{"loss", -1.5}, {"validation_mean", 0.75}}).ok());
  const std::vector<std::string> records = ReadRecords(OnlyFileIn(folder));
  ASSERT_EQ(records.size(), 2u);
  const Message event = Parse(records[1]);
  EXPECT_EQ(Read<std::uint64_t>(Field(event, 2), 0), 7u);
  EXPECT_EQ(ParseScalars(event), (std::map<std::string, float>{{"loss", -1.5f}, {"validation_mean", 0.75f}}));
}

TEST(TensorboardWriter, AResumedRunTellsToDropWhatFollows) {
  const std::filesystem::path folder = EmptyFolder("tensorboard_resumed");
  ASSERT_TRUE(TensorboardWriter::Open(folder, 20).ok());
  const std::vector<std::string> records = ReadRecords(OnlyFileIn(folder));
  ASSERT_EQ(records.size(), 2u);
  const Message restart = Parse(records[1]);
  EXPECT_EQ(Read<std::uint64_t>(Field(restart, 2), 0), 21u);
  EXPECT_EQ(Read<std::uint64_t>(Field(Parse(Field(restart, 7)), 1), 0), 1u);  // SessionLog.START
}

}  // namespace
}  // namespace giot::trainer
