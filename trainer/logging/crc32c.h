#pragma once

#include <cstdint>
#include <string_view>

namespace giot::trainer {

// CRC-32C (Castagnoli, RFC 3720 appendix B.4).
std::uint32_t Crc32c(std::string_view bytes);

// The form in which TFRecord files store it: rotated right by 15 bits plus
// 0xa282ead8, so that a CRC over bytes that hold CRCs is still a good one.
std::uint32_t MaskedCrc32c(std::string_view bytes);

}  // namespace giot::trainer
