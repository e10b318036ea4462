#pragma once

#include <c10/core/InferenceMode.h>

namespace giot::policy {

// Sets every thread pool that LibTorch may use (intra-op, inter-op, OpenMP,
// OpenBLAS) to `threads`, so that no program depends on environment variables.
// Call it first thing in main, before any tensor exists.
void SetComputeThreads(int threads);

// While alive, this thread runs LibTorch without autograd and without the
// TorchScript graph optimiser, whose recompilation would stall the first calls.
class InferenceScope {
 public:
  InferenceScope();
  ~InferenceScope();
  InferenceScope(const InferenceScope&) = delete;
  InferenceScope& operator=(const InferenceScope&) = delete;

 private:
  c10::InferenceMode mode_;
  bool optimized_before_;
};

}  // namespace giot::policy
