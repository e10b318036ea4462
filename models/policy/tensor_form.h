#pragma once

#include <torch/torch.h>

namespace giot::policy {

// Whether an operation on `tensor` that has a faster form of its own for the CPU must take
// its tensor form, which suits every device and which a trace can record.
bool UsesTensorForm(const torch::Tensor& tensor);

// While alive, this thread uses tensor forms on the CPU too: what accelerators run can be
// tested, and timed, without one.
class TensorFormScope {
 public:
  TensorFormScope();
  ~TensorFormScope();
  TensorFormScope(const TensorFormScope&) = delete;
  TensorFormScope& operator=(const TensorFormScope&) = delete;

 private:
  bool before_;
};

}  // namespace giot::policy
