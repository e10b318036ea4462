#pragma once

#include <cstddef>
#include <functional>

#include "absl/status/status.h"

namespace giot::client {

// Calls `work` for 0 to count - 1, on so many threads, in about that order. Ends early with the first error. Requires
// threads >= 1.
absl::Status ForEach(std::size_t count, int threads, const std::function<absl::Status(std::size_t index)>& work);

}  // namespace giot::client
