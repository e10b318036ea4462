#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

#include <utility>

#include "trainer/learning/captured_step.h"

namespace giot::trainer {
namespace {

using c10::cuda::CUDAStream;

// So that libraries have allocated, and chosen, what they will use.
constexpr int kEagerRuns = 3;

// `later` waits on the device for what `earlier` was given so far.
void Follow(cudaEvent_t event, const CUDAStream& earlier, const CUDAStream& later) {
  C10_CUDA_CHECK(cudaEventRecord(event, earlier.stream()));
  C10_CUDA_CHECK(cudaStreamWaitEvent(later.stream(), event, 0));
}

class CapturedStep : public StepGraph {
 public:
  CapturedStep(torch::Device device, std::function<void()> work)
      : work_(std::move(work)), stream_(c10::cuda::getStreamFromPool(/*isHighPriority=*/false, device.index())) {
    C10_CUDA_CHECK(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming));
  }
  ~CapturedStep() override { cudaEventDestroy(event_); }
  CapturedStep(const CapturedStep&) = delete;
  CapturedStep& operator=(const CapturedStep&) = delete;

  // Capturing needs a stream of its own; the caller's sees no difference.
  void Run() override {
    const CUDAStream caller = c10::cuda::getCurrentCUDAStream(stream_.device_index());
    Follow(event_, caller, stream_);
    {
      const c10::cuda::CUDAStreamGuard guard(stream_);
      RunHere();
    }
    Follow(event_, stream_, caller);
  }

 private:
  void RunHere() {
    if (eager_runs_ < kEagerRuns) {
      work_();
      ++eager_runs_;
      return;
    }
    if (!captured_) {
      graph_.capture_begin();
      work_();
      graph_.capture_end();
      captured_ = true;
    }
    graph_.replay();
  }

  std::function<void()> work_;
  CUDAStream stream_;
  cudaEvent_t event_ = nullptr;
  at::cuda::CUDAGraph graph_;
  int eager_runs_ = 0;
  bool captured_ = false;
};

}  // namespace

const bool kHasCapturedStep = true;

std::unique_ptr<StepGraph> MakeCapturedStep(torch::Device device, std::function<void()> work) {
  return std::make_unique<CapturedStep>(device, std::move(work));
}

}  // namespace giot::trainer
