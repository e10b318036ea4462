#pragma once

#include <torch/torch.h>

namespace giot::policy {

// clamp(x, -1, 1) whose gradient is that of a projected descent step: it
// vanishes only where the step would push x further out of range, so that a
// saturated level can still come back (a hard clamp would freeze it).
torch::Tensor ProjectedClamp(const torch::Tensor& x);

}  // namespace giot::policy
