#include "server/ledger/proof/text_encoding.h"

#include <charconv>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace giot::ledger {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

std::string Base64Of(std::string_view bytes) { return absl::Base64Escape(View(bytes)); }

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes;
  // Abseil also takes white space, missing padding and stray bits.
  if (!absl::Base64Unescape(View(text), &bytes) || Base64Of(bytes) != text) return std::nullopt;
  return bytes;
}

std::optional<std::uint64_t> FromDecimal(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  return value;
}

std::optional<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = HexDigit(text[i]);
    const int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace giot::ledger
