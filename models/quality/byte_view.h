#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace giot::quality {

// Integers at offsets of untrusted bytes; 0 beyond their end, which Holds() tells beforehand.
class ByteView {
 public:
  explicit ByteView(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  bool Holds(std::size_t offset, std::size_t count) const {
    return offset <= bytes_.size() && count <= bytes_.size() - offset;
  }
  bool HasAt(std::size_t offset, std::string_view expected) const {
    return Holds(offset, expected.size()) && bytes_.substr(offset, expected.size()) == expected;
  }
  // Cut short at the end of the bytes.
  ByteView Part(std::size_t offset, std::size_t count) const {
    return ByteView(offset <= bytes_.size() ? bytes_.substr(offset, count) : std::string_view());
  }

  std::uint32_t U8(std::size_t offset) const {
    return offset < bytes_.size() ? static_cast<std::uint8_t>(bytes_[offset]) : 0U;
  }
  std::uint32_t Big16(std::size_t offset) const { return U8(offset) << 8 | U8(offset + 1); }
  std::uint32_t Big32(std::size_t offset) const { return Big16(offset) << 16 | Big16(offset + 2); }
  std::uint32_t Little16(std::size_t offset) const { return U8(offset) | U8(offset + 1) << 8; }
  std::uint32_t Little24(std::size_t offset) const { return Little16(offset) | U8(offset + 2) << 16; }
  std::uint32_t Little32(std::size_t offset) const { return Little16(offset) | Little16(offset + 2) << 16; }

 private:
  std::string_view bytes_;
};

}  // namespace giot::quality
