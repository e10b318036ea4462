#include "models/quality/jpeg_header.h"

#include "absl/strings/str_cat.h"
#include "models/quality/exif_orientation.h"

namespace giot::quality {
namespace {

constexpr std::uint32_t kStartOfScan = 0xda;
constexpr std::uint32_t kEndOfImage = 0xd9;
constexpr std::uint32_t kApp1 = 0xe1;

absl::Status Truncated() { return absl::InvalidArgumentError("image: truncated, a JPEG without its end"); }

// SOF0..SOF15 but for DHT, JPG and DAC, which share their range.
bool IsStartOfFrame(std::uint32_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

// Markers that stand alone, without a length.
bool IsBare(std::uint32_t marker) { return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8); }

absl::Status ReadFrame(const ByteView& segment, ImageHeader& header) {
  header.bits = static_cast<int>(segment.U8(0));
  header.height = static_cast<int>(segment.Big16(1));
  header.width = static_cast<int>(segment.Big16(3));
  header.channels = static_cast<int>(segment.U8(5));
  header.cmyk = header.channels == 4;
  if (header.bits != 8) {
    return absl::InvalidArgumentError(absl::StrCat("image: got a JPEG of ", header.bits, " bits, want 8"));
  }
  if (header.channels != 1 && header.channels != 3 && header.channels != 4) {
    return absl::InvalidArgumentError(
        absl::StrCat("image: got a JPEG of ", header.channels, " components, want 1, 3 or 4"));
  }
  return absl::OkStatus();
}

// Whether entropy-coded data from `offset` on ends in an EOI. Bytes of pixels that look like a
// marker are followed by 0, so the search cannot find one inside them.
bool HasEnd(const ByteView& bytes, std::size_t offset) {
  for (std::size_t i = bytes.size(); i >= offset + 2; --i) {
    if (bytes.U8(i - 2) == 0xff && bytes.U8(i - 1) == kEndOfImage) return true;
  }
  return false;
}

}  // namespace

bool IsJpeg(const ByteView& bytes) { return bytes.HasAt(0, "\xff\xd8\xff"); }

absl::StatusOr<ImageHeader> ReadJpegHeader(const ByteView& bytes) {
  ImageHeader header;
  header.format = ImageFormat::kJpeg;
  bool has_frame = false;
  std::size_t offset = 2;
  while (bytes.Holds(offset, 2)) {
    if (bytes.U8(offset) != 0xff) return absl::InvalidArgumentError("image: damaged, no JPEG marker where one must be");
    const std::uint32_t marker = bytes.U8(offset + 1);
    if (marker == 0xff || IsBare(marker)) {
      offset += marker == 0xff ? 1 : 2;
      continue;
    }
    if (marker == kEndOfImage) break;
    const std::size_t length = bytes.Big16(offset + 2);
    if (length < 2) return absl::InvalidArgumentError("image: damaged, a JPEG segment without its length");
    if (!bytes.Holds(offset + 2, length)) return Truncated();
    const ByteView segment = bytes.Part(offset + 4, length - 2);
    offset += 2 + length;
    if (IsStartOfFrame(marker)) {
      if (has_frame) return absl::InvalidArgumentError("image: damaged, a JPEG of two frames");
      has_frame = true;
      if (absl::Status status = ReadFrame(segment, header); !status.ok()) return status;
    }
    if (marker == kApp1 && segment.HasAt(0, std::string_view("Exif\0\0", 6))) {
      header.orientation = ExifOrientation(segment.Part(6, segment.size()));
    }
    if (marker == kStartOfScan) {
      if (!has_frame) return absl::InvalidArgumentError("image: damaged, a JPEG that does not state its size");
      if (!HasEnd(bytes, offset)) return Truncated();
      return header;
    }
  }
  if (bytes.Holds(offset, 2)) return absl::InvalidArgumentError("image: damaged, a JPEG without pixels");
  return Truncated();
}

}  // namespace giot::quality
