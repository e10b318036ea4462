#include "models/quality/webp_header.h"

#include "models/quality/exif_orientation.h"

namespace giot::quality {
namespace {

constexpr std::size_t kChunkHeader = 8;
constexpr std::uint32_t kAlphaFlag = 0x10;
constexpr std::uint32_t kAnimationFlag = 0x02;

absl::Status Truncated() { return absl::InvalidArgumentError("image: truncated, a WebP shorter than it says"); }
absl::Status Damaged() { return absl::InvalidArgumentError("image: damaged, a WebP without a proper bitstream"); }

// The key frame's header of RFC 6386: three bytes of tag, three of start code, two sizes.
absl::Status ReadLossy(const ByteView& chunk, ImageHeader& header) {
  const bool is_key_frame = (chunk.U8(0) & 1U) == 0;
  if (!chunk.Holds(0, 10) || !is_key_frame || !chunk.HasAt(3, "\x9d\x01\x2a")) return Damaged();
  header.width = static_cast<int>(chunk.Little16(6) & 0x3fffU);
  header.height = static_cast<int>(chunk.Little16(8) & 0x3fffU);
  return absl::OkStatus();
}

absl::Status ReadLossless(const ByteView& chunk, ImageHeader& header) {
  if (!chunk.Holds(0, 5) || !chunk.HasAt(0, "\x2f")) return Damaged();
  const std::uint32_t bits = chunk.Little32(1);
  header.width = static_cast<int>(bits & 0x3fffU) + 1;
  header.height = static_cast<int>(bits >> 14 & 0x3fffU) + 1;
  header.channels = (bits >> 28 & 1U) != 0 ? 4 : 3;
  return absl::OkStatus();
}

// The extended header's canvas, and whether the picture has alpha.
absl::Status ReadExtended(const ByteView& chunk, ImageHeader& canvas) {
  if (!chunk.Holds(0, 10)) return Damaged();
  if ((chunk.U8(0) & kAnimationFlag) != 0) return absl::InvalidArgumentError("image: an animation, want one picture");
  canvas.channels = (chunk.U8(0) & kAlphaFlag) != 0 ? 4 : 3;
  canvas.width = static_cast<int>(chunk.Little24(4)) + 1;
  canvas.height = static_cast<int>(chunk.Little24(7)) + 1;
  return absl::OkStatus();
}

// What the chunks of a file say, gathered in any order.
struct Chunks {
  ImageHeader picture, canvas;
  bool has_picture = false;
  bool has_canvas = false;
  int orientation = 1;
};

absl::Status ReadChunk(const ByteView& bytes, std::size_t offset, const ByteView& chunk, Chunks& chunks) {
  if (bytes.HasAt(offset, "VP8X")) {
    chunks.has_canvas = true;
    return ReadExtended(chunk, chunks.canvas);
  }
  if (bytes.HasAt(offset, "ANIM") || bytes.HasAt(offset, "ANMF")) {
    return absl::InvalidArgumentError("image: an animation, want one picture");
  }
  if (bytes.HasAt(offset, "EXIF")) {
    // Some writers repeat JPEG's prefix.
    const std::size_t prefix = chunk.HasAt(0, std::string_view("Exif\0\0", 6)) ? 6 : 0;
    chunks.orientation = ExifOrientation(chunk.Part(prefix, chunk.size()));
  }
  const bool lossy = bytes.HasAt(offset, "VP8 ");
  if (!lossy && !bytes.HasAt(offset, "VP8L")) return absl::OkStatus();
  if (chunks.has_picture) return absl::InvalidArgumentError("image: damaged, a WebP of two pictures");
  chunks.has_picture = true;
  return lossy ? ReadLossy(chunk, chunks.picture) : ReadLossless(chunk, chunks.picture);
}

}  // namespace

bool IsWebp(const ByteView& bytes) { return bytes.HasAt(0, "RIFF") && bytes.HasAt(8, "WEBP"); }

absl::StatusOr<ImageHeader> ReadWebpHeader(const ByteView& bytes) {
  const std::size_t size = bytes.Little32(4);
  if (!bytes.Holds(kChunkHeader, size)) return Truncated();
  const ByteView file = bytes.Part(0, kChunkHeader + size);
  Chunks chunks;
  std::size_t offset = 12;
  while (file.Holds(offset, kChunkHeader)) {
    const std::size_t length = file.Little32(offset + 4);
    if (!file.Holds(offset + kChunkHeader, length)) return Truncated();
    absl::Status status = ReadChunk(file, offset, file.Part(offset + kChunkHeader, length), chunks);
    if (!status.ok()) return status;
    offset += kChunkHeader + length + length % 2;
  }
  if (!chunks.has_picture) return Damaged();
  ImageHeader header = chunks.picture;
  header.format = ImageFormat::kWebp;
  header.orientation = chunks.orientation;
  if (chunks.has_canvas) {
    if (chunks.canvas.width != header.width || chunks.canvas.height != header.height) {
      return absl::InvalidArgumentError("image: damaged, a WebP whose picture and canvas differ in size");
    }
    header.channels = chunks.canvas.channels;
  }
  return header;
}

}  // namespace giot::quality
