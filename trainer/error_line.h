#pragma once

#include <exception>
#include <string>

namespace giot::trainer {

// What went wrong, on one line and without LibTorch's stack trace.
std::string ErrorLine(const std::exception& error);

// Whether memory of the host or of a GPU ran out.
bool IsOutOfMemory(const std::exception& error);

}  // namespace giot::trainer
