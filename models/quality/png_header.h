#pragma once

#include "absl/status/statusor.h"
#include "models/quality/byte_view.h"
#include "models/quality/image_header.h"

namespace giot::quality {

// Whether the bytes begin as such a file does (W3C PNG, 2nd edition).
bool IsPng(const ByteView& bytes);

// Its header; errors as ReadImageHeader has them.
absl::StatusOr<ImageHeader> ReadPngHeader(const ByteView& bytes);

}  // namespace giot::quality
