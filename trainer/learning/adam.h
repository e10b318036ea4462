#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "trainer/learning/optimization.h"
#include "trainer/learning/saved_state.h"

namespace giot::trainer {

// Moves the values of `parameters`, of one device and type, into one vector and returns
// it. The parameters are views of it from then on, until they are given other storage.
torch::Tensor Flatten(const std::vector<torch::Tensor>& parameters);

// Adam (Kingma and Ba 2015, algorithm 1) on all parameters of a network as one vector: a
// handful of operations, however many parameters there are. The steps taken and the rate
// lie on the device as well, and nothing asks the host, so that a step may be captured
// and replayed (StepGraph). Computes what torch::optim::Adam does, to rounding.
class Adam {
 public:
  // Flattens `parameters`, and makes their gradients views of gradient().
  Adam(const std::vector<torch::Tensor>& parameters, const OptimizationConfig& config);
  Adam(const Adam&) = delete;
  Adam& operator=(const Adam&) = delete;

  void SetRate(double rate);

  // Makes gradient() that of `loss`, a scalar that depends on every parameter. No other
  // tensor's gradient changes.
  void Differentiate(const torch::Tensor& loss);

  // Scales gradient() so that its norm is at most `limit`; returns the norm before.
  torch::Tensor ClipGradient(double limit);

  // One step against gradient().
  void Step();

  // [parameters], the weights themselves. Written in place: any copy of the handle stays good.
  const torch::Tensor& values() const { return values_; }
  const torch::Tensor& gradient() const { return gradient_; }

  // Makes weights, moments and the steps taken part of `state`.
  void AddTo(SavedState& state, const std::string& name);

 private:
  std::vector<torch::Tensor> parameters_;
  double beta1_;
  double beta2_;
  torch::Tensor values_;
  torch::Tensor gradient_;
  torch::Tensor mean_;
  torch::Tensor square_;
  torch::Tensor steps_;  // Scalars in double precision.
  torch::Tensor rate_;
};

}  // namespace giot::trainer
