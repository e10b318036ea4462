#include "client/programs/micros_text.h"

#include "gtest/gtest.h"

namespace giot::client {
namespace {

TEST(MicrosTextTest, HasSixDigitsAfterThePoint) {
  EXPECT_EQ(MicrosText(12'500'000), "12.500000");
  EXPECT_EQ(MicrosText(1), "0.000001");
  EXPECT_EQ(MicrosText(-1'000'001), "-1.000001");
}

TEST(MicrosTextTest, IsReadExactly) {
  EXPECT_EQ(*ParseMicros("a", "12.5"), 12'500'000);
  EXPECT_EQ(*ParseMicros("a", "0.000001"), 1);
  EXPECT_EQ(*ParseMicros("a", "7"), 7'000'000);
  EXPECT_EQ(*ParseMicros("a", "9007199254.740991"), 9'007'199'254'740'991);
}

TEST(MicrosTextTest, RefusesEverythingElse) {
  for (const char* text : {"", ".", "1.", ".5", "-1", "+1", "1e3", "0.0000001", "9007199254.740992",
                           "99999999999999999999", "1 ", "1,5"}) {
    EXPECT_EQ(ParseMicros("a", text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(MicrosTextTest, IsAShareFromNothingToTheWhole) {
  EXPECT_EQ(*ParseShare("a", "0"), 0);
  EXPECT_EQ(*ParseShare("a", "1"), 1'000'000);
  for (const char* text : {"1.000001", "4294.967296", "-0.1"}) {
    EXPECT_EQ(ParseShare("a", text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace giot::client
