#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "bench/quality/rivals.h"
#include "models/quality/quality_model.h"

namespace giot::bench {

// A PNG of one rendered road, distorted in several ways and attacked, with the scores of model and BRISQUE below each.
absl::Status DrawExamples(const quality::QualityModel& model, const Rivals& rivals, const std::filesystem::path& png);

}  // namespace giot::bench
