#pragma once

#include <torch/torch.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "trainer/distributed/cluster_environment.h"
#include "trainer/distributed/communicator.h"

namespace giot::trainer {

// Meets the other processes of `environment` and returns once all of them are
// here: over Gloo if `device` is the CPU, over NCCL if it is a CUDA device, which
// must then be this process's own. `timeout` bounds this call and each of the
// communicator's. A run of one process needs neither library.
//
// InvalidArgument if the timeout is not within 1 ms and 24 h; FailedPrecondition
// if this program was built without the library that the device needs, or with
// the headers of another NCCL than LibTorch's; Unavailable if not all processes
// come in time.
absl::StatusOr<std::unique_ptr<Communicator>> Connect(const ClusterEnvironment& environment, torch::Device device,
                                                      absl::Duration timeout);

}  // namespace giot::trainer
