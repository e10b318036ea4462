#include "client/programs/micros_text.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace giot::client {
namespace {

constexpr std::int64_t kMicro = 1'000'000;
constexpr std::size_t kDigits = 6;
constexpr std::int64_t kMost = std::int64_t{1} << 53;

bool IsDigits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

std::string MicrosText(std::int64_t micros) {
  const char* sign = micros < 0 ? "-" : "";
  const std::int64_t size = micros < 0 ? -micros : micros;
  return absl::StrFormat("%s%d.%06d", sign, size / kMicro, size % kMicro);
}

absl::StatusOr<std::int64_t> ParseMicros(std::string_view what, std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string fraction(point == std::string_view::npos ? "" : text.substr(point + 1));
  const bool is_decimal = !whole.empty() && IsDigits(whole) && IsDigits(fraction) && fraction.size() <= kDigits &&
                          (point == std::string_view::npos || !fraction.empty());
  fraction.resize(kDigits, '0');
  std::int64_t micros = 0;
  if (!is_decimal || !absl::SimpleAtoi(std::string(whole) + fraction, &micros) || micros >= kMost) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(what), ": got '", std::string(text),
                                                   "', want a decimal with at most six digits after the point"));
  }
  return micros;
}

absl::StatusOr<std::int32_t> ParseShare(std::string_view what, std::string_view text) {
  const absl::StatusOr<std::int64_t> micros = ParseMicros(what, text);
  if (!micros.ok()) return micros.status();
  if (*micros > kMicro) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(what), ": got ", std::string(text), ", want 0 to 1"));
  }
  return static_cast<std::int32_t>(*micros);
}

}  // namespace giot::client
