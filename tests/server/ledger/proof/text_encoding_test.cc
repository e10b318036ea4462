#include "server/ledger/proof/text_encoding.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace giot::ledger {
namespace {

// RFC 4648 section 10.
TEST(TextEncodingTest, Base64IsTheStandards) {
  const std::pair<std::string, std::string> examples[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(Base64Of(bytes), text);
    EXPECT_EQ(FromBase64(text), bytes);
  }
  EXPECT_EQ(Base64Of("\xfb\xff"), "+/8=");
}

TEST(TextEncodingTest, AnotherFormOfTheSameBytesIsNoBase64) {
  for (const std::string text :
       {"Zg", "Zg=", "Zh==", " Zg==", "Zg==\n", "Z g==", "-_8=", "Zg==Zg==", "Zg.=", "=", "Z"}) {
    EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  }
}

TEST(TextEncodingTest, DecimalsHaveOneForm) {
  EXPECT_EQ(FromDecimal("0"), 0U);
  EXPECT_EQ(FromDecimal("10"), 10U);
  EXPECT_EQ(FromDecimal("18446744073709551615"), UINT64_MAX);
  for (const std::string text : {"", "00", "01", "+1", "-1", " 1", "1 ", "0x1", "1.0", "18446744073709551616"}) {
    EXPECT_EQ(FromDecimal(text), std::nullopt) << text;
  }
}

TEST(TextEncodingTest, HexIsLowerCase) {
  EXPECT_EQ(FromHex("00ff6a"), std::string("\x00\xffj", 3));
  for (const std::string text : {"0", "0G", "FF", "0x", " 0"}) EXPECT_EQ(FromHex(text), std::nullopt) << text;
}

}  // namespace
}  // namespace giot::ledger
