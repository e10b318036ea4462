#pragma once

#include <torch/script.h>

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "models/bundle/family.h"
#include "models/bundle/policy_runner.h"

namespace giot::bundle {

// Kernels that this build has, fastest first, by the runner's name.
std::vector<std::string_view> FusedKernels();

// A hand-written forward pass over the parameters of `module`, which
// LoadPolicyModule accepted: no LibTorch, no heap, no threads in Run. Takes the
// fastest kernel that this CPU can run, or the one that is named.
// FailedPrecondition, saying why, if the CPU cannot run it or the network is
// wider than it supports; NotFound if no kernel has that name.
absl::StatusOr<std::unique_ptr<PolicyRunner>> MakeFusedRunner(const torch::jit::Module& module, Family family,
                                                              int hidden, int steps, std::string_view kernel = "");

}  // namespace giot::bundle
