#include "server/ledger/proof/bytes.h"

namespace giot::ledger {
namespace {

template <typename Unsigned>
void Append(std::string& bytes, Unsigned value) {
  for (int shift = 8 * (static_cast<int>(sizeof(value)) - 1); shift >= 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<std::uint8_t>(std::uint64_t{value} >> shift));
  }
}

std::uint64_t Number(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

}  // namespace

ByteWriter& ByteWriter::U8(std::uint8_t value) {
  Append(bytes_, value);
  return *this;
}

ByteWriter& ByteWriter::U16(std::uint16_t value) {
  Append(bytes_, value);
  return *this;
}

ByteWriter& ByteWriter::U32(std::uint32_t value) {
  Append(bytes_, value);
  return *this;
}

ByteWriter& ByteWriter::U64(std::uint64_t value) {
  Append(bytes_, value);
  return *this;
}

ByteWriter& ByteWriter::I64(std::int64_t value) { return U64(static_cast<std::uint64_t>(value)); }

ByteWriter& ByteWriter::Raw(std::string_view bytes) {
  bytes_ += bytes;
  return *this;
}

std::uint8_t ByteReader::U8() { return static_cast<std::uint8_t>(Number(Raw(1))); }
std::uint16_t ByteReader::U16() { return static_cast<std::uint16_t>(Number(Raw(2))); }
std::uint32_t ByteReader::U32() { return static_cast<std::uint32_t>(Number(Raw(4))); }
std::uint64_t ByteReader::U64() { return Number(Raw(8)); }
std::int64_t ByteReader::I64() { return static_cast<std::int64_t>(U64()); }

std::string_view ByteReader::Raw(std::size_t size) {
  ok_ = ok_ && size <= rest_.size();
  if (!ok_) return {};
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

}  // namespace giot::ledger
