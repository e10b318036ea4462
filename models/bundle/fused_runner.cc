#include "models/bundle/fused_runner.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/bundle/fused_kernel.h"
#include "models/bundle/run_check.h"
#include "models/contract/screening_market.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/settle_row.h"
#include "models/uncertain/feasible_decode.h"

namespace giot::bundle {
namespace {

static_assert(kFusedTypes >= contract::kMaxTypes && kFusedTypes >= uncertain::kMaxTypes);
static_assert(kFusedTypes >= freshness::kMaxTypes && freshness::kRowTypes == freshness::kMaxTypes);
static_assert(kFusedChannels >= uncertain::kLevelChannels && kFusedChannels >= freshness::kLevelChannels);

struct Kernel {
  std::string_view name;
  FusedForward* forward;
  bool (*supported)();
};

constexpr Kernel kKernels[] = {
#if defined(__x86_64__)
    {"fused-avx512", &FusedForwardAvx512,
     [] {
       return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
     }},
    {"fused-avx2", &FusedForwardAvx2, [] { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }},
#endif
    {"fused-plain", &FusedForwardPlain, [] { return true; }},
};

absl::StatusOr<Kernel> ChooseKernel(std::string_view name) {
  for (const Kernel& kernel : kKernels) {
    if (name.empty() && kernel.supported()) return kernel;
    if (name != kernel.name) continue;
    if (kernel.supported()) return kernel;
    return absl::FailedPreconditionError(absl::StrCat(std::string(name), ": this CPU lacks its instructions"));
  }
  return absl::NotFoundError(absl::StrCat(std::string(name), ": no such kernel"));
}

FusedFamily FusedFamilyOf(Family family) {
  switch (family) {
    case Family::kScreening:
      return FusedFamily::kScreening;
    case Family::kUncertain:
      return FusedFamily::kUncertain;
    case Family::kFreshness:
      return FusedFamily::kFreshness;
  }
  return FusedFamily::kScreening;
}

// The network's sizes, without its weights.
FusedNetwork Describe(Family family, int hidden, int steps) {
  const FamilyShape& shape = ShapeOf(family);
  FusedNetwork network{};
  network.family = FusedFamilyOf(family);
  network.hidden = hidden;
  network.steps = steps;
  network.channels = shape.channels;
  network.type_features = shape.type_features;
  network.global_features = shape.global_features;
  network.proposal_features = shape.proposal_features;
  return network;
}

class FusedRunner : public PolicyRunner {
 public:
  FusedRunner(const Kernel& kernel, Family family, int hidden, int steps)
      : kernel_(kernel), family_(family), network_(Describe(family, hidden, steps)) {}

  // Copies the weights; matrices are transposed to [inputs][H].
  void Adopt(const torch::jit::Module& module) {
    network_.type_in = Keep(module.attr("type_in_weight").toTensor().t());
    network_.type_in_bias = Keep(module.attr("type_in_bias").toTensor());
    network_.global_in = Keep(module.attr("global_in_weight").toTensor().t());
    network_.mix = Keep(module.attr("mix_weight").toTensor().t());
    network_.mix_bias = Keep(module.attr("mix_bias").toTensor());
    network_.mix_pool = Keep(module.attr("mix_pool_weight").toTensor().t());
    network_.encode = Keep(module.attr("encode_weight").toTensor().t());
    network_.encode_pool = Keep(module.attr("encode_pool_weight").toTensor().t());
    network_.proposal_in = Keep(module.attr("proposal_in_weight").toTensor().t());
    network_.step_embedding = Keep(module.attr("step_embedding").toTensor());
    network_.head = Keep(module.attr("head_weight").toTensor().t());
    network_.head_bias = Keep(module.attr("head_bias").toTensor());
    network_.head_pool = Keep(module.attr("head_pool_weight").toTensor().t());
    network_.out = Keep(module.attr("out_weight").toTensor());
    network_.out_bias = Keep(module.attr("out_bias").toTensor());
    network_.chain = Keep(module.attr("chain").toTensor());
  }

  std::string_view name() const override { return kernel_.name; }

  absl::Status Run(const contract::PackedMarket& market, absl::Span<const float> noise, int samples,
                   absl::Span<float> levels) const override {
    if (absl::Status status = CheckSizes(market, family_, network_.steps, noise, samples, levels); !status.ok()) {
      return status;
    }
    kernel_.forward(network_, market, noise.data(), samples, levels.data());
    return CheckLevels(levels);
  }

 private:
  const float* Keep(const torch::Tensor& tensor) {
    // A copy even where the tensor is contiguous already: the module's storage is not ours.
    weights_.push_back(tensor.detach().clone(torch::MemoryFormat::Contiguous));
    return weights_.back().data_ptr<float>();
  }

  Kernel kernel_;
  Family family_;
  FusedNetwork network_;
  std::vector<torch::Tensor> weights_;
};

}  // namespace

std::vector<std::string_view> FusedKernels() {
  std::vector<std::string_view> names;
  for (const Kernel& kernel : kKernels) names.push_back(kernel.name);
  return names;
}

absl::StatusOr<std::unique_ptr<PolicyRunner>> MakeFusedRunner(const torch::jit::Module& module, Family family,
                                                              int hidden, int steps, std::string_view kernel_name) {
  absl::StatusOr<Kernel> kernel = ChooseKernel(kernel_name);
  if (!kernel.ok()) return kernel.status();
  if (hidden > kFusedHidden || hidden % kFusedHiddenUnit != 0) {
    return absl::FailedPreconditionError(absl::StrCat("hidden: got ", hidden, ", the fused runner wants a multiple of ",
                                                      kFusedHiddenUnit, " up to ", kFusedHidden));
  }
  auto runner = std::make_unique<FusedRunner>(*kernel, family, hidden, steps);
  runner->Adopt(module);
  return runner;
}

}  // namespace giot::bundle
