#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "trainer/quality/sample.h"

namespace giot::trainer {

// Measuring samples takes far longer than learning from them: this keeps what was measured, as text, one line a sample,
// after a line with `origin`, which names everything that the samples follow from.
absl::Status WriteSamples(const std::filesystem::path& path, const std::string& origin,
                          const std::vector<Sample>& samples);

// Adds what was measured to samples that are only planned. NotFound if there is no file; FailedPrecondition if it is of
// another origin; DataLoss naming the line that is not of the planned sample.
absl::Status ReadSamples(const std::filesystem::path& path, const std::string& origin, std::vector<Sample>& samples);

}  // namespace giot::trainer
