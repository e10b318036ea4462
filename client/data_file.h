#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "giot/v1/sensing_quality.pb.h"

namespace giot::client {

// Files with what a vehicle delivers. NotFound for one that cannot be read; InvalidArgument for more than 64 MiB, which
// no server takes.
absl::StatusOr<std::string> ReadDataBytes(const std::filesystem::path& path);

// A request with nothing but the file's data: a WAV file is a recording, everything else an image.
absl::StatusOr<v1::ScoreSensingQualityRequest> ReadDataFile(const std::filesystem::path& path);

}  // namespace giot::client
