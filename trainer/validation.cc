#include "trainer/validation.h"

#include <cstddef>
#include <random>

#include "models/contract/audit.h"
#include "models/contract/exact.h"
#include "models/contract/feasible_decode.h"
#include "models/policy/noise.h"
#include "trainer/evaluation/statistics.h"

namespace giot::trainer {
namespace {

torch::Tensor Noise(std::uint64_t seed, std::int64_t markets, std::int64_t steps, std::int64_t types) {
  torch::Tensor noise = torch::empty({markets, steps, types}, torch::kFloat32);
  policy::FillGaussian(seed, 0, {noise.data_ptr<float>(), static_cast<std::size_t>(noise.numel())});
  return noise;
}

}  // namespace

Validation::Validation(const contract::MarketDistribution& distribution, int count, std::uint64_t seed,
                       torch::Device device)
    : seed_(seed), device_(device) {
  std::mt19937_64 random(seed);
  const int most_draws = 10 * count;
  for (int draw = 0; draw < most_draws && static_cast<int>(markets_.size()) < count; ++draw) {
    const contract::ScreeningMarket market = contract::SampleMarket(distribution, random);
    const double optimum = contract::SolveExact(market).utility_per_vehicle;
    if (optimum <= 0.0) continue;
    markets_.push_back(market);
    optima_.push_back(optimum);
  }
  if (!markets_.empty()) batch_ = policy::PackMarkets(markets_, device);
}

Scalars Validation::Measure(policy::DiffusionPolicy policy) const {
  if (markets_.empty()) return {};
  torch::NoGradGuard no_grad;
  const torch::Tensor noise = Noise(seed_, batch_.size(), policy->config().steps, batch_.types());
  const torch::Tensor levels = policy->forward(batch_, noise.to(device_)).to(torch::kCPU, torch::kFloat64).contiguous();
  const auto padded = static_cast<std::size_t>(batch_.types());
  std::vector<double> ratios;
  for (std::size_t i = 0; i < markets_.size(); ++i) {
    const auto types = static_cast<std::size_t>(markets_[i].types());
    const contract::Menu menu = contract::DecodeLevels(markets_[i], {levels.data_ptr<double>() + i * padded, types});
    ratios.push_back(contract::Audit(markets_[i], menu).utility_per_vehicle / optima_[i]);
  }
  return {{"validation_mean", Mean(ratios)},
          {"validation_p01", Quantile(ratios, 0.01)},
          {"validation_min", Quantile(ratios, 0.0)}};
}

}  // namespace giot::trainer
