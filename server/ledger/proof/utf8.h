#pragma once

#include <optional>
#include <string_view>

namespace giot::ledger {

// Removes the first character of `text`; nullopt, with `text` as it was, if it is empty or does not
// begin with a character in well-formed UTF-8 (Unicode, table 3-7).
std::optional<char32_t> TakeCharacter(std::string_view& text);

// Whether it has Unicode's property White_Space.
bool IsUnicodeSpace(char32_t character);

// UTF-8 without control characters below U+0020 other than the line break.
bool IsPlainText(std::string_view text);

}  // namespace giot::ledger
