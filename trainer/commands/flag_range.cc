#include "trainer/commands/flag_range.h"

#include "absl/strings/str_cat.h"

namespace giot::trainer {

void FlagRange::Within(absl::string_view flag, double value, double min, double max) {
  if (!status_.ok() || (value >= min && value <= max)) return;
  status_ =
      absl::InvalidArgumentError(absl::StrCat("--", flag, ": got ", value, ", want a value in [", min, ", ", max, "]"));
}

}  // namespace giot::trainer
