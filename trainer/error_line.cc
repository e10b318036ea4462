#include "trainer/error_line.h"

#include <c10/util/Exception.h>

#include <new>

#include "absl/strings/match.h"

namespace giot::trainer {

std::string ErrorLine(const std::exception& error) {
  const auto* const torch = dynamic_cast<const c10::Error*>(&error);
  const std::string text = torch != nullptr ? torch->what_without_backtrace() : error.what();
  return text.substr(0, text.find('\n'));
}

bool IsOutOfMemory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  // Which class LibTorch throws depends on its version and on the allocator.
  const std::string text = ErrorLine(error);
  return absl::StrContains(text, "out of memory") || absl::StrContains(text, "can't allocate memory") ||
         absl::StrContains(text, "not enough memory");
}

}  // namespace giot::trainer
