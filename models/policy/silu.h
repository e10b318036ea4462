#pragma once

#include <torch/torch.h>

namespace giot::policy {

// x sigmoid(x), elementwise: torch::silu, whose gradient on the CPU here needs no second
// exponential.
torch::Tensor Silu(const torch::Tensor& x);

}  // namespace giot::policy
