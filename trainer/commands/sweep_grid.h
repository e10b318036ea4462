#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace giot::trainer {

// One combination of a grid: flags and their values.
using GridPoint = std::vector<std::pair<std::string, std::string>>;

// All combinations of "flag=value,value;flag=value", the last flag varying fastest.
// InvalidArgument, with the offending part, if it is not of this form, or names a flag twice.
absl::StatusOr<std::vector<GridPoint>> ParseGrid(absl::string_view grid);

// "lr=1e-3,hidden=32", also the name of the run's folder.
std::string GridPointName(const GridPoint& point);

}  // namespace giot::trainer
