#pragma once

#include <torch/script.h>

#include <memory>

#include "models/bundle/family.h"
#include "models/bundle/policy_runner.h"

namespace giot::bundle {

// Runs the scripted policy through LibTorch on CPU: the reference that every
// other runner is held against. `module` must have the parameters and the
// forward method that LoadPolicyModule checks.
std::unique_ptr<PolicyRunner> MakeTorchScriptRunner(torch::jit::Module module, Family family, int steps);

}  // namespace giot::bundle
