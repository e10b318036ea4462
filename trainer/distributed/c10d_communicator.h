#pragma once

#include <torch/torch.h>
#include <torch/version.h>

#include <chrono>
#include <exception>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "trainer/distributed/communicator.h"

// LibTorch 2 split what a library implements from what its users call.
#if TORCH_VERSION_MAJOR >= 2
#include <torch/csrc/distributed/c10d/Backend.hpp>
#else
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#endif

namespace giot::trainer {

#if TORCH_VERSION_MAJOR >= 2
using C10dGroup = c10d::Backend;
#else
using C10dGroup = c10d::ProcessGroup;
#endif

// The processes of a c10d group that all of them have joined; tensors travel on
// `device`, which must suit the group. `timeout` bounds each call.
std::unique_ptr<Communicator> MakeC10dCommunicator(c10::intrusive_ptr<C10dGroup> group, torch::Device device,
                                                   absl::Duration timeout);

// The limit to give to a library, a little below ours: its message says more,
// and its threads are no longer busy when ours comes.
std::chrono::milliseconds LibraryTimeout(absl::Duration timeout);

// Unavailable, with the process, what it was doing since `start`, and why that failed.
absl::Status PeersUnavailable(int rank, int size, absl::string_view operation,
                              std::chrono::steady_clock::time_point start, absl::string_view reason);

// The first line of what the library says, without its stack trace.
std::string ReasonOf(const std::exception& error);

}  // namespace giot::trainer
