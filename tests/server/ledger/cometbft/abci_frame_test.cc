#include "server/ledger/cometbft/abci_frame.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace giot::ledger {
namespace {

std::vector<std::string> MessagesOf(const std::string& stream, std::size_t piece) {
  std::vector<std::string> messages;
  FrameReader reader;
  for (std::size_t from = 0; from < stream.size(); from += piece) {
    reader.Add(std::string_view(stream).substr(from, piece));
    for (;;) {
      const auto message = reader.Next();
      if (!message.ok() || !message->has_value()) break;
      messages.emplace_back(**message);
    }
  }
  return messages;
}

TEST(AbciFrameTest, LengthsAreVarints) {
  std::string stream;
  AppendFrame("abc", stream);
  AppendFrame("", stream);
  EXPECT_EQ(stream, std::string("\x03"
                                "abc\0",
                                5));
  stream.clear();
  AppendFrame(std::string(300, 'x'), stream);
  EXPECT_EQ(stream.substr(0, 3), "\xac\x02x");
}

TEST(AbciFrameTest, MessagesComeBackHoweverTheStreamIsCut) {
  std::vector<std::string> messages;
  for (const std::size_t size : {0, 1, 127, 128, 16'383, 16'384, 70'000}) messages.emplace_back(size, 'm');
  std::string stream;
  for (const std::string& message : messages) AppendFrame(message, stream);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{1000}, stream.size()}) {
    EXPECT_EQ(MessagesOf(stream, piece), messages) << piece;
  }
}

TEST(AbciFrameTest, CutMessageIsWaitedFor) {
  std::string stream;
  AppendFrame(std::string(200, 'm'), stream);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{2}, stream.size() - 1}) {
    FrameReader reader;
    reader.Add(std::string_view(stream).substr(0, size));
    ASSERT_TRUE(reader.Next().ok());
    EXPECT_FALSE(reader.Next()->has_value());
  }
}

TEST(AbciFrameTest, LengthsBeyondTheBoundAreRefused) {
  const auto next = [](std::string_view bytes) {
    FrameReader reader;
    reader.Add(bytes);
    return reader.Next().status();
  };
  EXPECT_TRUE(next(std::string_view("\x80\x80\x80\x20", 4)).ok());  // 64 MiB.
  EXPECT_TRUE(absl::IsInvalidArgument(next(std::string_view("\x81\x80\x80\x20", 4))));
  EXPECT_TRUE(absl::IsInvalidArgument(next(std::string_view("\xff\xff\xff\x7f", 4))));
  EXPECT_TRUE(absl::IsInvalidArgument(next(std::string_view("\x80\x80\x80\x80", 4))));
  EXPECT_TRUE(absl::IsInvalidArgument(next("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")));
}

}  // namespace
}  // namespace giot::ledger
