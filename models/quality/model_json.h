#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/quality/quality_model.h"

namespace giot::quality {

// InvalidArgument, naming the field, unless every number of the model is in its range and every
// array has its size (FORMAT.md has them).
absl::Status CheckModel(const QualityModel& model);

// model.json: everything but name, version and digest.
std::string ModelJson(const QualityModel& model);
absl::StatusOr<QualityModel> ParseModelJson(std::string_view text);

}  // namespace giot::quality
