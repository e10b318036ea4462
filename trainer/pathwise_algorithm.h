#pragma once

#include <memory>

#include "trainer/algorithm.h"
#include "trainer/pathwise.h"

namespace giot::trainer {

// PathwiseTrainer as the training loop sees it; metrics `loss`,
// `gradient_norm` and `learning_rate`.
std::unique_ptr<Algorithm> MakePathwiseAlgorithm(const PathwiseConfig& config, torch::Device device);

}  // namespace giot::trainer
