#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/scoring.h"
#include "giot/v1/sensing_quality.pb.h"

namespace giot::client {

struct ScoreCommandOptions {
  v1::Capture capture;  // Of every file; captured when it is sent if captured_at_us is 0.
  v1::SensingRequirements requirements;
  std::filesystem::path reference;  // Of every image; none if empty.
  std::filesystem::path explain;    // A folder for heat maps, created if missing; none if empty.
  bool json = false;
};

// Has each file scored, in this order, and prints a table (or JSON) of what came of
// it: WAV files as recordings, all others as images. With `explain`, writes <explain>/<file name>.png
// for each image, with what of it is unusable in red. The first failure, once all files were tried: the
// refusal of one, or a file that cannot be read or written.
absl::Status ScoreFiles(Scoring& scoring, const std::vector<std::string>& files, const ScoreCommandOptions& options,
                        std::ostream& out);

}  // namespace giot::client
