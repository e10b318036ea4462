#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>

#include "trainer/learning/step_graph.h"

namespace giot::trainer {

// What MakeStepGraph needs of CUDA: captured_step_cuda.cc where LibTorch is one with CUDA,
// else captured_step_none.cc.
extern const bool kHasCapturedStep;

// Aborts unless kHasCapturedStep.
std::unique_ptr<StepGraph> MakeCapturedStep(torch::Device device, std::function<void()> work);

}  // namespace giot::trainer
