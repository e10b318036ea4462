#pragma once

#include <torch/script.h>

#include "absl/status/statusor.h"
#include "models/policy/diffusion_policy.h"

namespace giot::policy {

// The policy as a TorchScript module that needs no code of ours to run, recorded
// from the eager network itself (traced):
//   forward(cost_types [B, K], probabilities [B, K], mask [B, K],
//           globals [B, G], noise [B, T, C K]) -> levels [B, C K]
// with features, denoiser and schedule inside; any B, K the environment's most types.
// Holds a copy of the parameters on CPU under the names of DiffusionPolicy with
// '.' as '_', and the schedule as `chain`. Internal if LibTorch cannot trace it.
absl::StatusOr<torch::jit::Module> ScriptPolicy(const DiffusionPolicy& policy);

}  // namespace giot::policy
