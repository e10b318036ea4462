#include "models/policy/tensor_form.h"

#include <torch/csrc/jit/frontend/tracer.h>

namespace giot::policy {
namespace {

thread_local bool wanted = false;

}  // namespace

bool UsesTensorForm(const torch::Tensor& tensor) {
  return wanted || !tensor.is_cpu() || torch::jit::tracer::isTracing();
}

TensorFormScope::TensorFormScope() : before_(wanted) { wanted = true; }
TensorFormScope::~TensorFormScope() { wanted = before_; }

}  // namespace giot::policy
