#include "models/bundle/torchscript_runner.h"

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "models/bundle/run_check.h"
#include "models/policy/market_batch.h"
#include "models/policy/runtime.h"

namespace giot::bundle {
namespace {

class TorchScriptRunner : public PolicyRunner {
 public:
  TorchScriptRunner(torch::jit::Module module, Family family, int steps)
      : module_(std::move(module)), family_(family), steps_(steps) {}

  std::string_view name() const override { return "torchscript"; }

  absl::Status Run(const contract::PackedMarket& market, absl::Span<const float> noise, int samples,
                   absl::Span<float> levels) const override {
    if (absl::Status status = CheckSizes(market, family_, steps_, noise, samples, levels); !status.ok()) return status;
    try {
      const torch::Tensor result = Forward(market, noise, samples);
      if (result.scalar_type() != torch::kFloat) {
        return absl::InternalError(absl::StrCat("policy: got levels of type ", c10::toString(result.scalar_type())));
      }
      std::copy_n(result.contiguous().data_ptr<float>(), levels.size(), levels.begin());
    } catch (const std::exception& error) {
      return absl::InternalError(absl::StrCat("policy: ", error.what()));
    }
    return CheckLevels(levels);
  }

 private:
  // A traced policy has its family's most types: the market is padded to them, and so
  // is every channel of noise and levels.
  torch::Tensor Forward(const contract::PackedMarket& market, absl::Span<const float> noise, int samples) const {
    const policy::InferenceScope scope;
    const FamilyShape& shape = ShapeOf(family_);
    const policy::MarketBatch one = policy::ToBatch({&market, 1}, shape.types, torch::kCPU);
    // from_blob wants a mutable pointer; the policy only reads its inputs.
    const torch::Tensor real = torch::from_blob(const_cast<float*>(noise.data()),
                                                {samples, steps_, shape.channels, market.types}, torch::kFloat);
    const torch::Tensor gaussian = torch::constant_pad_nd(real, {0, shape.types - market.types}).flatten(2);
    const std::vector<torch::jit::IValue> inputs = {
        one.cost_types.expand({samples, -1}), one.probabilities.expand({samples, -1}), one.mask.expand({samples, -1}),
        one.globals.expand({samples, -1}), gaussian};
    const torch::Tensor padded = module_.get_method("forward")(inputs).toTensor();
    return padded.view({samples, shape.channels, shape.types}).narrow(2, 0, market.types);
  }

  torch::jit::Module module_;
  Family family_;
  int steps_;
};

}  // namespace

std::unique_ptr<PolicyRunner> MakeTorchScriptRunner(torch::jit::Module module, Family family, int steps) {
  return std::make_unique<TorchScriptRunner>(std::move(module), family, steps);
}

}  // namespace giot::bundle
