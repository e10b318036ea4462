#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace giot::ledger {

using Digest = std::array<std::uint8_t, 32>;

// SHA-256 (FIPS 180-4) of the parts one after the other. Thread-safe.
Digest Sha256(std::initializer_list<std::string_view> parts);

// The bytes of a fixed array, which must outlive the view.
template <std::size_t size>
std::string_view BytesOf(const std::array<std::uint8_t, size>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

// False, with `bytes` as it was, unless `text` has exactly `size` bytes.
template <std::size_t size>
bool FromBytes(std::string_view text, std::array<std::uint8_t, size>& bytes) {
  if (text.size() != size) return false;
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(text[i]);
  return true;
}

// Lower-case hex.
std::string HexOf(std::string_view bytes);

}  // namespace giot::ledger
