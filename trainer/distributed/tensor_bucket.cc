#include "trainer/distributed/tensor_bucket.h"

#include <algorithm>
#include <cstdint>

namespace giot::trainer {
namespace {

using torch::Tensor;

TensorBucket& BucketFor(const Tensor& tensor, std::vector<TensorBucket>& buckets) {
  const auto fits = [&tensor](const TensorBucket& bucket) { return bucket.tensors[0].dtype() == tensor.dtype(); };
  const auto found = std::find_if(buckets.begin(), buckets.end(), fits);
  return found == buckets.end() ? buckets.emplace_back() : *found;
}

}  // namespace

std::vector<TensorBucket> Pack(const std::vector<Tensor>& tensors, torch::Device device) {
  const torch::NoGradGuard no_grad;
  std::vector<TensorBucket> buckets;
  for (const Tensor& tensor : tensors) BucketFor(tensor, buckets).tensors.push_back(tensor);
  for (TensorBucket& bucket : buckets) {
    std::vector<Tensor> parts;
    for (const Tensor& tensor : bucket.tensors) parts.push_back(tensor.reshape({-1}).to(device));
    bucket.flat = torch::cat(parts);
  }
  return buckets;
}

void Unpack(const TensorBucket& bucket) {
  const torch::NoGradGuard no_grad;
  std::int64_t start = 0;
  for (const Tensor& tensor : bucket.tensors) {
    tensor.copy_(bucket.flat.narrow(0, start, tensor.numel()).view(tensor.sizes()));
    start += tensor.numel();
  }
}

}  // namespace giot::trainer
