#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace giot::trainer {

// The subcommands. Each takes its settings from the flags, writes what it found
// to standard output and returns the exit code; a status means kFailed (or
// kDiverged for OutOfRange, which only training gives).
absl::StatusOr<int> Train();
absl::StatusOr<int> FindLearningRate();
absl::StatusOr<int> Sweep();
absl::StatusOr<int> Evaluate();
absl::StatusOr<int> Export();
absl::StatusOr<int> Gate();
absl::StatusOr<int> Quality();
// Of the folders of two runs.
absl::StatusOr<int> Compare(const std::string& a, const std::string& b);

}  // namespace giot::trainer
