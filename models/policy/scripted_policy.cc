#include "models/policy/scripted_policy.h"

#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace giot::policy {
namespace {

using torch::jit::Stack;

torch::Tensor ChainTensor(const std::vector<DenoisingStep>& chain) {
  torch::Tensor weights = torch::empty({static_cast<std::int64_t>(chain.size()), 3});
  for (std::size_t step = 0; step < chain.size(); ++step) {
    const auto row = static_cast<std::int64_t>(step);
    weights[row][0] = chain[step].x0_weight;
    weights[row][1] = chain[step].x_weight;
    weights[row][2] = chain[step].noise_scale;
  }
  return weights;
}

// Two markets to trace with, one of fewer types than the other. Their values do not
// matter: the forward pass has no branch on them.
Stack ExampleInputs(const PolicyShape& shape, int steps) {
  torch::Tensor cost_types = torch::linspace(0.2, 1.0, shape.types).repeat({2, 1});
  torch::Tensor mask = torch::ones({2, shape.types});
  if (shape.types > 2) mask[1].narrow(0, 2, shape.types - 2).zero_();
  const torch::Tensor noise = torch::linspace(-1.0, 1.0, 2 * steps * shape.channels * shape.types);
  return {cost_types, mask / mask.sum(1, true), mask, torch::full({2, shape.globals}, 0.5),
          noise.view({2, steps, shape.channels * shape.types})};
}

// A copy on the CPU whose parameters the module owns.
DiffusionPolicy CopyOnCpu(const DiffusionPolicy& policy) {
  DiffusionPolicy copy(policy->config(), policy->environment());
  const auto source = policy->parameters();
  const auto target = copy->parameters();
  for (std::size_t i = 0; i < source.size(); ++i) target[i].copy_(source[i]);
  return copy;
}

void AddTracedForward(torch::jit::Module& module, DiffusionPolicy& policy) {
  const auto forward = [&policy](Stack inputs) -> Stack {
    const MarketBatch markets{inputs[0].toTensor(), inputs[1].toTensor(), inputs[2].toTensor(), inputs[3].toTensor()};
    return {policy->forward(markets, inputs[4].toTensor())};
  };
  const auto no_names = [](const torch::autograd::Variable&) { return std::string(); };
  const auto traced = torch::jit::tracer::trace(
      ExampleInputs(policy->environment()->shape(), policy->config().steps), forward, no_names,
      /*strict=*/true, /*force_outplace=*/false, &module, {"cost_types", "probabilities", "mask", "globals", "noise"});
  auto* function = module._ivalue()->compilation_unit()->create_function(
      c10::QualifiedName(*module.type()->name(), "forward"), traced.first->graph);
  module.type()->addMethod(function);
}

}  // namespace

absl::StatusOr<torch::jit::Module> ScriptPolicy(const DiffusionPolicy& policy) {
  try {
    const torch::NoGradGuard no_grad;
    DiffusionPolicy copy = CopyOnCpu(policy);
    torch::jit::Module module("DiffusionPolicy");
    for (const auto& parameter : copy->named_parameters()) {
      std::string name = parameter.key();
      std::replace(name.begin(), name.end(), '.', '_');
      module.register_parameter(name, parameter.value(), /*is_buffer=*/false);
    }
    module.register_buffer("chain", ChainTensor(copy->chain()));
    AddTracedForward(module, copy);
    module.eval();
    return module;
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("cannot script the policy: ", error.what()));
  }
}

}  // namespace giot::policy
