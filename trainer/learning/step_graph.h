#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>

namespace giot::trainer {

// A piece of a training step that is the same sequence of device operations every time.
class StepGraph {
 public:
  virtual ~StepGraph() = default;

  // Does the work once more.
  virtual void Run() = 0;
};

// Whether work on `device` can be captured: a CUDA device, and a build with CUDA's LibTorch.
bool CanCapture(torch::Device device);

// With `capture`, where that is possible, `work` is called a few times as it is, then once
// to be recorded as a CUDA graph, which is replayed from then on: one launch instead of
// one for each kernel. `work` must then
//   - read and write the same tensors every time: what changes is written into them in
//     place, and what it makes is overwritten by the next run;
//   - never ask the host for a value, nor branch on one;
//   - draw from the device's default generator only. Each replay draws other numbers, as
//     long as nobody seeds the generator in between.
// Else `work` is called every time. It must stay valid as long as the graph.
std::unique_ptr<StepGraph> MakeStepGraph(torch::Device device, bool capture, std::function<void()> work);

}  // namespace giot::trainer
