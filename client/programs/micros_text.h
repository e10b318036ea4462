#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace giot::client {

// Amounts of money and qualities, integers of 1e-6, as decimals; exact, unlike by way of a double.

// "12.500000"
std::string MicrosText(std::int64_t micros);

// Digits, and at most six after a point. InvalidArgument naming `what`; also for 2^53 micro-units or more.
absl::StatusOr<std::int64_t> ParseMicros(std::string_view what, std::string_view text);

// The same, 0 to 1.
absl::StatusOr<std::int32_t> ParseShare(std::string_view what, std::string_view text);

}  // namespace giot::client
