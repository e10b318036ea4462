#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::quality {

enum class ImageFormat { kJpeg, kPng, kWebp };
std::string_view NameOf(ImageFormat format);

// What a file says of itself, read without decoding a pixel.
struct ImageHeader {
  ImageFormat format = ImageFormat::kJpeg;
  int width = 0;   // As stored, pixels,
  int height = 0;  // before `orientation` is applied.
  // EXIF's orientation, 1..8; 5..8 swap width and height.
  int orientation = 1;
  // Colour channels and alpha as stored: 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha
  // (PNG, WebP) or four inks (JPEG). A palette counts as colour.
  int channels = 3;
  int bits = 8;       // Of a channel: 1, 2, 4, 8 or 16.
  bool cmyk = false;  // JPEG with four components: Adobe's CMYK or YCCK.
};

// Reads the header of a JPEG (ISO/IEC 10918-1), PNG (W3C, 2nd edition) or WebP (RFC 9649) file.
// Never reads outside `bytes`; time is bounded by their number. InvalidArgument, with the reason,
// for anything else, for an animation, a size of 0 and a file that ends early: without a JPEG's
// EOI, a PNG's IEND, or with fewer bytes than a WebP's header announces.
absl::StatusOr<ImageHeader> ReadImageHeader(std::string_view bytes);

}  // namespace giot::quality
