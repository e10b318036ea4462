#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace giot::ledger {

// Writes the integers and fields of FORMAT.md, most significant byte first.
class ByteWriter {
 public:
  ByteWriter& U8(std::uint8_t value);
  ByteWriter& U16(std::uint16_t value);
  ByteWriter& U32(std::uint32_t value);
  ByteWriter& U64(std::uint64_t value);
  ByteWriter& I64(std::int64_t value);
  ByteWriter& Raw(std::string_view bytes);

  const std::string& bytes() const { return bytes_; }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads them back. What is missing reads as 0 and makes ok() false for good, so that a
// decoder checks once, at its end. The bytes must outlive it.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t U8();
  std::uint16_t U16();
  std::uint32_t U32();
  std::uint64_t U64();
  std::int64_t I64();
  // Empty if fewer are left.
  std::string_view Raw(std::size_t size);

  std::string_view rest() const { return rest_; }
  bool ok() const { return ok_; }
  // Whether everything was there and nothing is left.
  bool AtEnd() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace giot::ledger
