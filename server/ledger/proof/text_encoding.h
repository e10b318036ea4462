#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace giot::ledger {

// Bytes and numbers as text, in the one form that FORMAT.md section 1 has; what reads them takes no
// other, so that two texts never mean the same.

// RFC 4648 section 4, with padding.
std::string Base64Of(std::string_view bytes);
std::optional<std::string> FromBase64(std::string_view text);

// Without sign or leading zeros.
std::optional<std::uint64_t> FromDecimal(std::string_view text);

// An even number of lower-case digits.
std::optional<std::string> FromHex(std::string_view text);

}  // namespace giot::ledger
