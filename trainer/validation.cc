#include "trainer/validation.h"

#include <cstddef>
#include <vector>

#include "models/policy/noise.h"
#include "trainer/evaluation/statistics.h"

namespace giot::trainer {
namespace {

torch::Tensor Noise(std::uint64_t seed, std::int64_t markets, std::int64_t steps, std::int64_t levels) {
  torch::Tensor noise = torch::empty({markets, steps, levels}, torch::kFloat32);
  policy::FillGaussian(seed, 0, {noise.data_ptr<float>(), static_cast<std::size_t>(noise.numel())});
  return noise;
}

}  // namespace

Validation::Validation(const policy::Environment& environment, int count, std::uint64_t seed, torch::Device device)
    : markets_(environment.HeldOut(count, seed)),
      batch_(policy::ToDevice(markets_->batch(), device)),
      channels_(environment.shape().channels),
      seed_(seed),
      device_(device) {}

Scalars Validation::Measure(const Algorithm& algorithm) const {
  if (batch_.size() == 0) return {};
  const std::int64_t width = channels_ * batch_.types();
  const torch::Tensor noise = Noise(seed_, batch_.size(), algorithm.noise_steps(), width);
  const torch::Tensor levels =
      algorithm.Answer(batch_, noise.to(device_)).to(torch::kCPU, torch::kFloat64).contiguous();
  std::vector<double> ratios;
  double infeasible = 0.0;
  for (std::int64_t i = 0; i < batch_.size(); ++i) {
    const policy::Judgement judgement =
        markets_->Judge(i, {levels.data_ptr<double>() + i * width, static_cast<std::size_t>(width)});
    ratios.push_back(judgement.utility / markets_->Reference(i));
    if (!judgement.feasible) infeasible += 1.0 / static_cast<double>(batch_.size());
  }
  return {{"validation_mean", Mean(ratios)},
          {"validation_p01", Quantile(ratios, 0.01)},
          {"validation_min", Quantile(ratios, 0.0)},
          {"validation_infeasible", infeasible}};
}

}  // namespace giot::trainer
