#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::trainer {

// The processes of one data-parallel run. All of them make the same calls in the
// same order, with tensors of the same number, shapes and types, on any device.
// One thread at a time.
//
// A call ends within the communicator's timeout: with Unavailable, which says
// what this process was doing and for how long, if another process has ended,
// hangs, or comes late. The tensors are then as they were before, and every
// later call returns that error at once.
class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int rank() const = 0;  // Of this process, 0 to size() - 1.
  virtual int size() const = 0;  // Processes.

  // Replaces floating-point tensors by their mean over the processes: the same
  // bits on all of them, and NaN on all of them if it is on one.
  virtual absl::Status AllReduceMean(const std::vector<torch::Tensor>& tensors) = 0;

  // Replaces tensors by those of rank 0.
  virtual absl::Status Broadcast(const std::vector<torch::Tensor>& tensors) = 0;

  // Whether `value` holds on any process: for agreeing to stop.
  virtual absl::StatusOr<bool> Any(bool value) = 0;

  // Waits until every process is here.
  virtual absl::Status Barrier() = 0;
};

// The bytes that rank 0 gives, on every process; what others give is ignored.
// Errors as Communicator::Broadcast.
absl::StatusOr<std::string> BroadcastBytes(Communicator& communicator, std::string bytes);

}  // namespace giot::trainer
