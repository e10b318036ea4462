#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "client/programs/command.h"
#include "giot/v1/sensing_quality.pb.h"

namespace giot::client {

// score.
std::vector<Command> ScoreCommands();

// Where and when, by --captured_at (0 if that is empty), --latitude and --longitude. InvalidArgument naming the flag.
absl::StatusOr<v1::Capture> CaptureFromFlags();
// --width and --height.
v1::SensingRequirements RequirementsFromFlags();

}  // namespace giot::client
