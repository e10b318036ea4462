#include "models/quality/png_header.h"

#include "absl/strings/str_cat.h"
#include "models/quality/exif_orientation.h"

namespace giot::quality {
namespace {

constexpr std::string_view kSignature("\x89PNG\r\n\x1a\n", 8);
constexpr std::size_t kChunkOverhead = 12;  // Length, type, CRC.
constexpr std::uint32_t kMaxSide = 0x7fffffff;

absl::Status Truncated() { return absl::InvalidArgumentError("image: truncated, a PNG without its end"); }

absl::Status ReadSize(const ByteView& chunk, ImageHeader& header) {
  const std::uint32_t width = chunk.Big32(0);
  const std::uint32_t height = chunk.Big32(4);
  if (chunk.size() != 13 || width > kMaxSide || height > kMaxSide) {
    return absl::InvalidArgumentError("image: damaged, a PNG with a wrong IHDR");
  }
  header.width = static_cast<int>(width);
  header.height = static_cast<int>(height);
  header.bits = static_cast<int>(chunk.U8(8));
  switch (chunk.U8(9)) {
    case 0:
      header.channels = 1;
      return absl::OkStatus();
    case 2:
    case 3:
      header.channels = 3;
      return absl::OkStatus();
    case 4:
      header.channels = 2;
      return absl::OkStatus();
    case 6:
      header.channels = 4;
      return absl::OkStatus();
    default:
      return absl::InvalidArgumentError(absl::StrCat("image: got a PNG of colour type ", chunk.U8(9)));
  }
}

}  // namespace

bool IsPng(const ByteView& bytes) { return bytes.HasAt(0, kSignature); }

absl::StatusOr<ImageHeader> ReadPngHeader(const ByteView& bytes) {
  ImageHeader header;
  header.format = ImageFormat::kPng;
  bool has_data = false;
  std::size_t offset = kSignature.size();
  if (bytes.Holds(offset, 8) && !bytes.HasAt(offset + 4, "IHDR")) {
    return absl::InvalidArgumentError("image: damaged, a PNG that does not begin with its size");
  }
  while (bytes.Holds(offset, kChunkOverhead)) {
    const std::size_t length = bytes.Big32(offset);
    if (!bytes.Holds(offset + kChunkOverhead, length)) return Truncated();
    const ByteView chunk = bytes.Part(offset + 8, length);
    if (bytes.HasAt(offset + 4, "IHDR")) {
      if (header.width > 0) return absl::InvalidArgumentError("image: damaged, a PNG of two sizes");
      if (absl::Status status = ReadSize(chunk, header); !status.ok()) return status;
    } else if (bytes.HasAt(offset + 4, "acTL")) {
      return absl::InvalidArgumentError("image: an animation, want one picture");
    } else if (bytes.HasAt(offset + 4, "eXIf")) {
      header.orientation = ExifOrientation(chunk);
    } else if (bytes.HasAt(offset + 4, "IDAT")) {
      has_data = true;
    } else if (bytes.HasAt(offset + 4, "IEND")) {
      if (!has_data) return absl::InvalidArgumentError("image: damaged, a PNG without pixels");
      return header;
    }
    offset += kChunkOverhead + length;
  }
  return Truncated();
}

}  // namespace giot::quality
