#include "models/policy/virtual_costs.h"

namespace giot::policy {

torch::Tensor VirtualCosts(const MarketBatch& markets) {
  const torch::Tensor& theta = markets.cost_types;
  const torch::Tensor& p = markets.probabilities;
  const std::int64_t types = markets.types();
  const torch::Tensor step = theta.narrow(1, 1, types - 1) - theta.narrow(1, 0, types - 1);
  const torch::Tensor cheaper = p.cumsum(1).narrow(1, 0, types - 1);
  const torch::Tensor real = markets.mask.narrow(1, 1, types - 1);
  const torch::Tensor rent = real * cheaper * step / p.narrow(1, 1, types - 1).clamp_min(1e-12);
  return theta + torch::constant_pad_nd(rent, {1, 0});
}

}  // namespace giot::policy
