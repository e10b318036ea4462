#include "models/bundle/policy_module.h"

#include <exception>
#include <map>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "models/bundle/bundle_files.h"

namespace giot::bundle {
namespace {

using Shape = std::vector<std::int64_t>;

// self, cost_types, probabilities, mask, globals, noise.
constexpr std::size_t kForwardArguments = 6;

// The tensors of policy::DiffusionPolicyImpl, '.' written as '_', and the schedule.
std::map<std::string, Shape> ExpectedTensors(const NetworkSize& size) {
  const FamilyShape& shape = ShapeOf(size.family);
  const std::int64_t hidden = size.hidden;
  const std::int64_t steps = size.steps;
  return {{"type_in_weight", {hidden, shape.type_features}},
          {"type_in_bias", {hidden}},
          {"global_in_weight", {hidden, shape.global_features}},
          {"mix_weight", {hidden, hidden}},
          {"mix_bias", {hidden}},
          {"mix_pool_weight", {hidden, 2 * hidden}},
          {"encode_weight", {hidden, hidden}},
          {"encode_pool_weight", {hidden, 2 * hidden}},
          {"proposal_in_weight", {hidden, shape.proposal_features}},
          {"step_embedding", {steps, hidden}},
          {"head_weight", {hidden, hidden}},
          {"head_bias", {hidden}},
          {"head_pool_weight", {hidden, 2 * hidden}},
          {"out_weight", {shape.channels, hidden}},
          {"out_bias", {shape.channels}},
          {"chain", {steps, 3}}};
}

absl::Status Wrong(absl::string_view name, absl::string_view got, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(kPolicyFile, ": ", name, ": got ", got, ", want ", wanted));
}

absl::Status CheckTensor(const std::string& name, const torch::Tensor& tensor, const Shape& shape) {
  if (tensor.scalar_type() != torch::kFloat) return Wrong(name, c10::toString(tensor.scalar_type()), "Float");
  if (tensor.sizes() != shape) {
    return Wrong(name, absl::StrCat("shape [", absl::StrJoin(tensor.sizes(), ", "), "]"),
                 absl::StrCat("[", absl::StrJoin(shape, ", "), "]"));
  }
  if (!torch::isfinite(tensor).all().item<bool>()) return Wrong(name, "a value that is not finite", "finite values");
  return absl::OkStatus();
}

absl::Status CheckTensors(const torch::jit::Module& module, const NetworkSize& size) {
  std::map<std::string, Shape> missing = ExpectedTensors(size);
  const auto check = [&](const std::string& name, const torch::Tensor& tensor) {
    const auto expected = missing.find(name);
    if (expected == missing.end()) return Wrong(name, "an unknown tensor", "those of the format");
    const Shape shape = expected->second;
    missing.erase(expected);
    return CheckTensor(name, tensor, shape);
  };
  std::int64_t parameters = 0;
  for (const auto& parameter : module.named_parameters()) {
    if (absl::Status status = check(parameter.name, parameter.value); !status.ok()) return status;
    parameters += parameter.value.numel();
  }
  for (const auto& buffer : module.named_buffers()) {
    if (absl::Status status = check(buffer.name, buffer.value); !status.ok()) return status;
  }
  if (!missing.empty()) return Wrong(missing.begin()->first, "nothing", "a tensor");
  if (parameters != size.parameters)
    return Wrong("parameters", absl::StrCat(parameters), absl::StrCat(size.parameters));
  return absl::OkStatus();
}

absl::Status CheckForward(const torch::jit::Module& module) {
  const auto forward = module.find_method("forward");
  if (!forward) return Wrong("forward", "no method", "a method");
  const std::size_t arguments = forward->function().getSchema().arguments().size();
  if (arguments != kForwardArguments) {
    return Wrong("forward", absl::StrCat(arguments, " arguments"), absl::StrCat(kForwardArguments));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> SerializePolicyModule(const torch::jit::Module& module) {
  try {
    std::ostringstream stream;
    module.save(stream);
    return std::move(stream).str();
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat(kPolicyFile, ": cannot be written: ", error.what()));
  }
}

absl::StatusOr<torch::jit::Module> LoadPolicyModule(std::string_view bytes, const NetworkSize& size) {
  try {
    std::istringstream stream{std::string(bytes)};
    torch::jit::Module module = torch::jit::load(stream, torch::kCPU);
    module.eval();
    if (absl::Status status = CheckTensors(module, size); !status.ok()) return status;
    if (absl::Status status = CheckForward(module); !status.ok()) return status;
    return module;
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(kPolicyFile, ": not a TorchScript module: ", error.what()));
  }
}

}  // namespace giot::bundle
