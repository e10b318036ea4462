#include "models/bundle/torchscript_runner.h"

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "models/bundle/run_check.h"
#include "models/policy/runtime.h"
#include "models/screening/tensors/pack_markets.h"

namespace giot::bundle {
namespace {

class TorchScriptRunner : public PolicyRunner {
 public:
  TorchScriptRunner(torch::jit::Module module, int steps) : module_(std::move(module)), steps_(steps) {}

  std::string_view name() const override { return "torchscript"; }

  absl::Status Run(const contract::ScreeningMarket& market, absl::Span<const float> noise, int samples,
                   absl::Span<float> levels) const override {
    if (absl::Status status = CheckSizes(market, steps_, noise, samples, levels); !status.ok()) return status;
    try {
      const torch::Tensor result = Forward(market, noise, samples);
      if (result.numel() != static_cast<std::int64_t>(levels.size()) || result.scalar_type() != torch::kFloat) {
        return absl::InternalError(absl::StrCat("policy: got ", result.numel(), " levels, want ", levels.size()));
      }
      std::copy_n(result.contiguous().data_ptr<float>(), levels.size(), levels.begin());
    } catch (const std::exception& error) {
      return absl::InternalError(absl::StrCat("policy: ", error.what()));
    }
    return CheckLevels(levels);
  }

 private:
  torch::Tensor Forward(const contract::ScreeningMarket& market, absl::Span<const float> noise, int samples) const {
    const policy::InferenceScope scope;
    const policy::MarketBatch one = screening::PackMarkets({&market, 1}, torch::kCPU, contract::kMaxTypes);
    // from_blob wants a mutable pointer; the policy only reads its inputs.
    const torch::Tensor real =
        torch::from_blob(const_cast<float*>(noise.data()), {samples, steps_, market.types()}, torch::kFloat);
    const torch::Tensor gaussian = torch::constant_pad_nd(real, {0, contract::kMaxTypes - market.types()});
    const std::vector<torch::jit::IValue> inputs = {
        one.cost_types.expand({samples, -1}), one.probabilities.expand({samples, -1}), one.mask.expand({samples, -1}),
        one.globals.expand({samples, -1}), gaussian};
    return module_.get_method("forward")(inputs).toTensor().narrow(1, 0, market.types());
  }

  torch::jit::Module module_;
  int steps_;
};

}  // namespace

std::unique_ptr<PolicyRunner> MakeTorchScriptRunner(torch::jit::Module module, int steps) {
  return std::make_unique<TorchScriptRunner>(std::move(module), steps);
}

}  // namespace giot::bundle
