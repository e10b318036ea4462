#pragma once

#include <torch/torch.h>

#include <vector>

namespace giot::trainer {

// Tensors of one type, copied end to end into one, so that one message carries
// them all.
struct TensorBucket {
  std::vector<torch::Tensor> tensors;
  torch::Tensor flat;  // One-dimensional.
};

// One bucket for each type, in the order in which types first appear, on `device`.
std::vector<TensorBucket> Pack(const std::vector<torch::Tensor>& tensors, torch::Device device);

// Copies the bucket's content back into its tensors, wherever they lie.
void Unpack(const TensorBucket& bucket);

}  // namespace giot::trainer
