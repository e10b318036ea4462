#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace giot::trainer {

// Checks flags against their ranges and remembers the first that is outside.
class FlagRange {
 public:
  // Bounds are inclusive; NaN is outside.
  void Within(absl::string_view flag, double value, double min, double max);

  // InvalidArgument naming the flag, what it got and what it wanted.
  const absl::Status& status() const { return status_; }

 private:
  absl::Status status_;
};

}  // namespace giot::trainer
