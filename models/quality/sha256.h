#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace giot::quality {

using Digest = std::array<std::uint8_t, 32>;

// SHA-256 (FIPS 180-4) of the parts one after the other.
Digest Sha256(std::string_view first, std::string_view second = {});

// Lower-case hex.
std::string HexOf(const Digest& digest);

// The bytes themselves, e.g. to hash them on.
std::string_view BytesOf(const Digest& digest);

}  // namespace giot::quality
