#include "models/quality/decoder_limits.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <opencv2/core/utility.hpp>
#include <string>

#include "models/quality/decode.h"

namespace giot::quality {
namespace {

// Whether the variable had this value before.
bool Set(const char* name, const std::string& value) {
  const char* before = std::getenv(name);
  const bool was_set = before != nullptr && value == before;
  setenv(name, value.c_str(), 1);
  return was_set;
}

}  // namespace

void LimitDecoders(char** argv) {
  cv::setNumThreads(1);
  const DecodeLimits limits;
  const std::string side = std::to_string(limits.max_side);
  const std::array<bool, 3> were_set = {Set("OPENCV_IO_MAX_IMAGE_PIXELS", std::to_string(limits.max_pixels)),
                                        Set("OPENCV_IO_MAX_IMAGE_WIDTH", side),
                                        Set("OPENCV_IO_MAX_IMAGE_HEIGHT", side)};
  if (were_set[0] && were_set[1] && were_set[2]) return;
  // Where a program may not start itself, it goes on with the checks made before decoding alone.
  execv("/proc/self/exe", argv);
}

}  // namespace giot::quality
