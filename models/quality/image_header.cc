#include "models/quality/image_header.h"

#include "absl/strings/str_cat.h"
#include "models/quality/jpeg_header.h"
#include "models/quality/png_header.h"
#include "models/quality/webp_header.h"

namespace giot::quality {

std::string_view NameOf(ImageFormat format) {
  switch (format) {
    case ImageFormat::kJpeg:
      return "JPEG";
    case ImageFormat::kPng:
      return "PNG";
    case ImageFormat::kWebp:
      return "WebP";
  }
  return "unknown";
}

absl::StatusOr<ImageHeader> ReadImageHeader(std::string_view bytes) {
  if (bytes.empty()) return absl::InvalidArgumentError("image: empty");
  const ByteView view(bytes);
  absl::StatusOr<ImageHeader> header = absl::InvalidArgumentError("image: of unknown format, want JPEG, PNG or WebP");
  if (IsJpeg(view)) header = ReadJpegHeader(view);
  if (IsPng(view)) header = ReadPngHeader(view);
  if (IsWebp(view)) header = ReadWebpHeader(view);
  if (header.ok() && (header->width <= 0 || header->height <= 0)) {
    return absl::InvalidArgumentError(absl::StrCat("image: got ", header->width, " x ", header->height, " pixels"));
  }
  return header;
}

}  // namespace giot::quality
