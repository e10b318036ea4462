#pragma once

#include <torch/torch.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "trainer/distributed/cluster_environment.h"
#include "trainer/distributed/communicator.h"

namespace giot::trainer {

// Connect() for at least two processes. One of two sources defines it, as
// LibTorch has Gloo or NCCL or neither.
absl::StatusOr<std::unique_ptr<Communicator>> ConnectProcessGroup(const ClusterEnvironment& environment,
                                                                  torch::Device device, absl::Duration timeout);

}  // namespace giot::trainer
