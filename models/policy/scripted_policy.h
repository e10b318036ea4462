#pragma once

#include <torch/script.h>

#include "absl/status/statusor.h"
#include "models/policy/diffusion_policy.h"

namespace giot::policy {

// The policy as a TorchScript module that needs no code of ours to run:
//   forward(cost_types [B, K], probabilities [B, K], mask [B, K],
//           globals [B, kGlobalColumns], noise [B, T, K]) -> levels [B, K]
// with features, denoiser and schedule inside. Holds a copy of the parameters on
// CPU under the names of DiffusionPolicy with '.' as '_'. Tested against the
// eager network to 1e-5. Internal if LibTorch cannot compile it.
absl::StatusOr<torch::jit::Module> ScriptPolicy(const DiffusionPolicy& policy);

}  // namespace giot::policy
