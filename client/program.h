#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace giot::client {

// What a program of this folder exits with.
enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,     // Bad flags or market, or the server refused, is not there or not SERVING.
  kExitNotHonest = 2,  // A certificate contradicts its menu, or a vehicle gained by lying.
};

// Parses abseil flags, with --help for the flags that files whose paths contain `sources` (the programs' own
// folder) define, and --version; returns what else stood on the command line.
std::vector<std::string> ParseCommandLine(int argc, char** argv, const std::string& usage, const std::string& sources);

// Prints "program: status" to standard error; DataLoss is what a false
// certificate yields.
ExitCode Fail(const std::string& program, const absl::Status& status);

}  // namespace giot::client
