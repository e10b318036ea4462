#pragma once

#include <torch/script.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/bundle/family.h"

namespace giot::bundle {

// What decides the shapes of a policy's tensors, and how many numbers it learned.
struct NetworkSize {
  Family family = Family::kScreening;
  int hidden = 0;
  int steps = 0;
  std::int64_t parameters = 0;
};

// A scripted policy as the bytes of policy.pt. Internal if LibTorch fails.
absl::StatusOr<std::string> SerializePolicyModule(const torch::jit::Module& module);

// Reads policy.pt onto the CPU. InvalidArgument, naming the parameter, if the
// bytes are not TorchScript, a parameter is missing, unknown, not float32, of
// another shape than `size` implies, or not finite, or if there is no forward
// method with five inputs.
absl::StatusOr<torch::jit::Module> LoadPolicyModule(std::string_view bytes, const NetworkSize& size);

}  // namespace giot::bundle
