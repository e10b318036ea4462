#pragma once

#include "models/quality/byte_view.h"

namespace giot::quality {

// The orientation, 1..8, that a TIFF structure (Exif 2.3, from its byte order mark on) states in
// its first directory; 1 where it states none or is damaged.
int ExifOrientation(const ByteView& tiff);

}  // namespace giot::quality
