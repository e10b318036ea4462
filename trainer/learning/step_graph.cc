#include "trainer/learning/step_graph.h"

#include <utility>

#include "trainer/learning/captured_step.h"

namespace giot::trainer {
namespace {

class EagerStep : public StepGraph {
 public:
  explicit EagerStep(std::function<void()> work) : work_(std::move(work)) {}
  void Run() override { work_(); }

 private:
  std::function<void()> work_;
};

}  // namespace

bool CanCapture(torch::Device device) { return device.is_cuda() && kHasCapturedStep; }

std::unique_ptr<StepGraph> MakeStepGraph(torch::Device device, bool capture, std::function<void()> work) {
  if (capture && CanCapture(device)) return MakeCapturedStep(device, std::move(work));
  return std::make_unique<EagerStep>(std::move(work));
}

}  // namespace giot::trainer
