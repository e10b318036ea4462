#include "models/policy/diffusion_policy.h"

#include <utility>

#include "models/policy/projected_clamp.h"

namespace giot::policy {
namespace {

using torch::Tensor;
using torch::nn::Linear;
using torch::nn::LinearOptions;

Linear WithoutBias(std::int64_t in, std::int64_t out) { return Linear(LinearOptions(in, out).bias(false)); }

// [B, K, H] -> [B, 2H]: expectation over the market's types and plain mean. By sums, since a
// batch of small matrix products is several times slower on a CPU.
Tensor Pool(const MarketBatch& markets, const Tensor& hidden) {
  const Tensor uniform = markets.mask / markets.mask.sum(1, true);
  return torch::cat({(hidden * markets.probabilities.unsqueeze(2)).sum(1), (hidden * uniform.unsqueeze(2)).sum(1)}, 1);
}

// What types hear of each other, [B, 1, H]; nothing where there is but one.
Tensor Heard(Linear& layer, const MarketBatch& markets, const Tensor& hidden) {
  return layer.is_empty() ? torch::zeros({1}, hidden.options()) : layer(Pool(markets, hidden)).unsqueeze(1);
}

}  // namespace

DiffusionPolicyImpl::DiffusionPolicyImpl(const PolicyConfig& config, std::shared_ptr<const Environment> environment)
    : config_(config),
      environment_(std::move(environment)),
      shape_(environment_->shape()),
      chain_(VariancePreservingSchedule(config.steps, config.beta_min, config.beta_max)),
      type_in_(register_module("type_in", Linear(shape_.type_features, config.hidden))),
      global_in_(register_module("global_in", WithoutBias(shape_.global_features, config.hidden))),
      mix_(register_module("mix", Linear(config.hidden, config.hidden))),
      mix_pool_(shape_.types > 1 ? register_module("mix_pool", WithoutBias(2 * config.hidden, config.hidden))
                                 : nullptr),
      encode_(register_module("encode", WithoutBias(config.hidden, config.hidden))),
      encode_pool_(shape_.types > 1 ? register_module("encode_pool", WithoutBias(2 * config.hidden, config.hidden))
                                    : nullptr),
      proposal_in_(register_module("proposal_in", WithoutBias(shape_.proposal_features, config.hidden))),
      step_embedding_(register_parameter("step_embedding", 0.1 * torch::randn({config.steps, config.hidden}))),
      head_(register_module("head", Linear(config.hidden, config.hidden))),
      head_pool_(shape_.types > 1 ? register_module("head_pool", WithoutBias(2 * config.hidden, config.hidden))
                                  : nullptr),
      out_(register_module("out", Linear(config.hidden, shape_.channels))) {}

Tensor DiffusionPolicyImpl::Encode(const MarketBatch& markets, const Features& features) {
  const Tensor h1 = torch::silu(type_in_(features.types) + global_in_(features.globals).unsqueeze(1));
  const Tensor h2 = torch::silu(mix_(h1) + Heard(mix_pool_, markets, h1));
  return encode_(h2) + Heard(encode_pool_, markets, h2);
}

Tensor DiffusionPolicyImpl::Denoise(const MarketBatch& markets, const Features& features, const Tensor& encoded,
                                    const Tensor& noisy_levels, const Tensor& proposal, std::int64_t step) {
  const Tensor seen = environment_->ProposalFeatures(markets, features, noisy_levels, proposal);
  const Tensor u = torch::silu(encoded + proposal_in_(seen) + step_embedding_[step]);
  const Tensor v = torch::silu(head_(u) + Heard(head_pool_, markets, u));
  return ProjectedClamp(out_(v).transpose(1, 2).flatten(1)) * markets.mask.repeat({1, shape_.channels});
}

Tensor DiffusionPolicyImpl::forward(const MarketBatch& markets, const Tensor& noise) {
  const Features features = environment_->Observe(markets);
  const Tensor encoded = Encode(markets, features);
  const Tensor mask = markets.mask.repeat({1, shape_.channels});
  Tensor x = noise.select(1, 0) * mask;
  Tensor x0 = torch::zeros_like(x);
  for (std::int64_t step = 0; step < config_.steps; ++step) {
    x0 = Denoise(markets, features, encoded, x, x0, step);
    if (step + 1 == config_.steps) break;
    const DenoisingStep& weights = chain_[static_cast<std::size_t>(step)];
    x = weights.x0_weight * x0 + weights.x_weight * x + weights.noise_scale * noise.select(1, step + 1) * mask;
  }
  return x0;
}

}  // namespace giot::policy
