#pragma once

#include <torch/torch.h>

#include <memory>

#include "absl/status/statusor.h"
#include "trainer/commands/training_flags.h"
#include "trainer/distributed/communicator.h"
#include "trainer/learning/algorithm.h"

namespace giot::trainer {

// The algorithm that the settings name, about to take its first step. What a
// configuration has beyond them keeps its default. InvalidArgument if the algorithm
// cannot learn in that environment, not with that batch, or not in several processes.
// `communicator` must outlive it.
absl::StatusOr<std::unique_ptr<Algorithm>> MakeAlgorithm(const TrainingSettings& settings, torch::Device device,
                                                         Communicator& communicator);

}  // namespace giot::trainer
