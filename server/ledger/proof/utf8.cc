#include "server/ledger/proof/utf8.h"

#include <cstddef>
#include <cstdint>

namespace giot::ledger {
namespace {

// How many bytes follow a leading byte; -1 if it is none.
int FollowersOf(std::uint8_t lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xc2 && lead <= 0xdf) return 1;
  if (lead >= 0xe0 && lead <= 0xef) return 2;
  return lead >= 0xf0 && lead <= 0xf4 ? 3 : -1;
}

}  // namespace

std::optional<char32_t> TakeCharacter(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const auto lead = static_cast<std::uint8_t>(text.front());
  const int followers = FollowersOf(lead);
  if (followers < 0 || text.size() <= static_cast<std::size_t>(followers)) return std::nullopt;
  constexpr std::uint8_t kLeadBits[] = {0x7f, 0x1f, 0x0f, 0x07};
  char32_t character = lead & kLeadBits[followers];
  for (int i = 1; i <= followers; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[static_cast<std::size_t>(i)]);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    character = character << 6 | (byte & 0x3f);
  }
  // Overlong forms, surrogates, and what lies above the last plane.
  constexpr char32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  if (character < kLeast[followers] || character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff)) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(followers) + 1);
  return character;
}

bool IsUnicodeSpace(char32_t character) {
  return character == ' ' || (character >= 0x09 && character <= 0x0d) || character == 0x85 || character == 0xa0 ||
         character == 0x1680 || (character >= 0x2000 && character <= 0x200a) || character == 0x2028 ||
         character == 0x2029 || character == 0x202f || character == 0x205f || character == 0x3000;
}

bool IsPlainText(std::string_view text) {
  while (!text.empty()) {
    const std::optional<char32_t> character = TakeCharacter(text);
    if (!character || (*character < ' ' && *character != '\n')) return false;
  }
  return true;
}

}  // namespace giot::ledger
