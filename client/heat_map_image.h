#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "giot/v1/sensing_quality.pb.h"

namespace giot::client {

// A PNG of the image with its unusable cells in red, the redder the less usable, so
// that a usable one stays as it is. InvalidArgument if the image cannot be read or
// the map has not one number a cell.
absl::StatusOr<std::string> DrawHeatMap(std::string_view image, const v1::SensingHeatMap& map);

}  // namespace giot::client
