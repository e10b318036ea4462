#include "server/ledger/proof/utf8.h"

#include <string>

#include "gtest/gtest.h"

namespace giot::ledger {
namespace {

TEST(Utf8Test, TakesCharactersOfEveryLength) {
  std::string_view text = "a\xc3\xa8\xe2\x80\x94\xf0\x9f\x9a\x97";
  for (const char32_t want : {U'a', U'\u00e8', U'\u2014', U'\U0001f697'}) EXPECT_EQ(TakeCharacter(text), want);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(TakeCharacter(text), std::nullopt);
}

TEST(Utf8Test, TheEdgesOfEachLengthAreCharacters) {
  for (const std::string text : {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                 "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsPlainText(text));
  }
}

// Cut off, alone, overlong, surrogate, above the last plane.
TEST(Utf8Test, IllFormedTextIsRefused) {
  for (const std::string text :
       {"\xc3", "\xe2\x80", "\xf0\x9f\x9a", "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3(", "\xe2(\x94"}) {
    EXPECT_FALSE(IsPlainText("a" + text));
    std::string_view rest = text;
    EXPECT_EQ(TakeCharacter(rest), std::nullopt);
    EXPECT_EQ(rest, text);
  }
}

TEST(Utf8Test, OfControlCharactersOnlyTheLineBreakIsPlain) {
  for (char c = 1; c < ' '; ++c) EXPECT_EQ(IsPlainText(std::string(1, c)), c == '\n') << int{c};
  EXPECT_FALSE(IsPlainText(std::string(1, '\0')));
}

TEST(Utf8Test, SpacesAreUnicodes) {
  for (const char32_t space : {U' ', U'\t', U'\u0085', U'\u00a0', U'\u2003', U'\u3000'})
    EXPECT_TRUE(IsUnicodeSpace(space));
  for (const char32_t none : {U'a', U'\u200b', U'\u2014'}) EXPECT_FALSE(IsUnicodeSpace(none));
}

}  // namespace
}  // namespace giot::ledger
