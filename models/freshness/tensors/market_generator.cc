#include "models/freshness/tensors/market_generator.h"

#include <cmath>

#include "models/freshness/tensors/pack_markets.h"
#include "models/policy/draw_types.h"

namespace giot::freshness {
namespace {

using torch::Tensor;

// [count, kLadderSteps], ascending, interior spacings (Exp + .2) normalised.
Tensor DrawLadder(const Tensor& first, const Tensor& last, const torch::TensorOptions& options) {
  const std::int64_t count = first.size(0);
  const Tensor spacing = 0.2 - torch::log1p(-torch::rand({count, kLadderSteps - 1}, options));
  const Tensor position = torch::constant_pad_nd(spacing.cumsum(1) / spacing.sum(1, true), {1, 0});
  return first + (last - first) * position;
}

}  // namespace

policy::MarketBatch GenerateMarkets(const FreshnessDistribution& d, std::int64_t count, torch::Device device) {
  static_assert(kLadderSteps * kLadderSteps == kMaxTypes);
  const auto options = torch::TensorOptions(device).dtype(torch::kFloat32);
  const auto uniform = [&](double low, double high) { return policy::DrawUniform(low, high, count, options); };
  const Tensor sensing = DrawLadder(uniform(d.first_sensing_min, d.first_sensing_max),
                                    uniform(d.last_sensing_min, d.last_sensing_max), options);
  const Tensor update = DrawLadder(uniform(d.first_update_min, d.first_update_max),
                                   uniform(d.last_update_min, d.last_update_max), options);
  const Tensor unit = sensing.narrow(1, kLadderSteps - 1, 1);
  // repeat_interleave would ask the host.
  const Tensor theta = (sensing / unit).unsqueeze(2).expand({-1, -1, kLadderSteps}).flatten(1);
  const Tensor delta = (update / unit).repeat({1, kLadderSteps});

  const Tensor place = torch::linspace(-1, 1, kLadderSteps, options);
  const Tensor product = (place.unsqueeze(1) * place.unsqueeze(0)).flatten().unsqueeze(0);
  const Tensor correlation = uniform(d.correlation_min, d.correlation_max);
  const Tensor gamma = 0.05 - torch::log1p(-torch::rand({count, kMaxTypes}, options));
  const Tensor mass = gamma * (correlation * product).exp();

  const Tensor omega = uniform(d.value_scale_min, d.value_scale_max) / unit;
  const Tensor rate = uniform(std::log(d.value_rate_min), std::log(d.value_rate_max)).exp();
  const Tensor staleness = uniform(d.staleness_rate_min, d.staleness_rate_max);
  return {theta, mass / mass.sum(1, true), torch::ones_like(theta), torch::cat({omega, rate, staleness, delta}, 1)};
}

}  // namespace giot::freshness
