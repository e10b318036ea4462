#include "models/policy/runtime.h"

#include <ATen/Parallel.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

// OpenBLAS reads its environment when it is loaded, before main: only its own
// call still counts then. Weak, as other LibTorch builds come with MKL instead.
extern "C" void openblas_set_num_threads(int) __attribute__((weak));
extern "C" void omp_set_num_threads(int) __attribute__((weak));

namespace giot::policy {

void SetComputeThreads(int threads) {
  if (omp_set_num_threads != nullptr) omp_set_num_threads(threads);
  if (openblas_set_num_threads != nullptr) openblas_set_num_threads(threads);
  at::set_num_threads(threads);
  // LibTorch accepts this once per process and throws after that.
  static const bool interop_set = [threads] {
    at::set_num_interop_threads(threads);
    return true;
  }();
  static_cast<void>(interop_set);
}

InferenceScope::InferenceScope() : optimized_before_(torch::jit::getGraphExecutorOptimize()) {
  torch::jit::setGraphExecutorOptimize(false);
}

InferenceScope::~InferenceScope() { torch::jit::setGraphExecutorOptimize(optimized_before_); }

}  // namespace giot::policy
