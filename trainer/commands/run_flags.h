#pragma once

#include "absl/status/statusor.h"
#include "trainer/training_run.h"

namespace giot::trainer {

// The run that --run_dir names. InvalidArgument if it is not given.
absl::StatusOr<RunFolder> RunFolderFromFlags();

}  // namespace giot::trainer
