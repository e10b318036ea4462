#include "server/quality/submission.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace giot::scoring {
namespace {

Submission Report() {
  Submission submission;
  submission.data = Motion{1.0, 2.0};
  submission.capture.captured_at_us = 0x0102030405060708;
  submission.capture.latitude = -0.5;
  submission.capture.longitude = 0.0;
  return submission;
}

TEST(DigestOfTest, IsThatOfTheBytes) {
  Submission submission;
  submission.data = Image{"bytes", "reference", true};
  EXPECT_EQ(DigestOf(submission), quality::Sha256("bytes"));
  submission.data = Recording{"bytes"};
  EXPECT_EQ(DigestOf(submission), quality::Sha256("bytes"));
}

TEST(DigestOfTest, OfAReportIsThatOfItsFieldsLeastSignificantByteFirst) {
  const std::string bytes(
      "\x08\x07\x06\x05\x04\x03\x02\x01"
      "\x00\x00\x00\x00\x00\x00\xe0\xbf"
      "\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00\x00\x00\xf0\x3f"
      "\x00\x00\x00\x00\x00\x00\x00\x40",
      40);
  EXPECT_EQ(DigestOf(Report()), quality::Sha256(bytes));
}

TEST(BytesOfTest, CountsWhatIsSent) {
  EXPECT_EQ(BytesOf(Image{"12345", "123", false}), 8);
  EXPECT_EQ(BytesOf(Recording{"12345"}), 5);
  EXPECT_EQ(BytesOf(Motion{}), 16);
}

Submission Sent(const Data& data, const char* source, const char* channel) {
  Submission submission;
  submission.data = data;
  submission.capture.source_id = source;
  submission.channel = channel;
  return submission;
}

TEST(HistoryNameTest, DiffersByChannelKindAndSource) {
  std::set<std::string> names;
  for (const char* source : {"car", "audio car", "another"}) {
    for (const Data& data : {Data(Image()), Data(Recording()), Data(Motion())}) {
      for (const char* channel : {"", "\377delivery "}) names.insert(HistoryName(Sent(data, source, channel)));
    }
  }
  EXPECT_EQ(names.size(), 18U);
  EXPECT_EQ(HistoryName(Sent(Image(), "car", "")), "car");
}

}  // namespace
}  // namespace giot::scoring
