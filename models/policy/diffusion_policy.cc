#include "models/policy/diffusion_policy.h"

#include <utility>

#include "models/policy/projected_clamp.h"
#include "models/policy/silu.h"
#include "models/policy/type_rows.h"

namespace giot::policy {
namespace {

using torch::Tensor;
using torch::nn::Linear;
using torch::nn::LinearOptions;

Linear WithoutBias(std::int64_t in, std::int64_t out) { return Linear(LinearOptions(in, out).bias(false)); }

// `own`, plus what types hear of each other through `layer`: of `hidden`, pooled. Nothing
// where there is but one.
Tensor Hear(const TypeRows& rows, const Tensor& own, Linear& layer, const Tensor& hidden) {
  return layer.is_empty() ? own : rows.Add(own, layer(rows.Pool(hidden)));
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
  const TypeRows rows(markets);
  const Tensor h1 = Silu(rows.Add(type_in_(rows.Gather(features.types)), global_in_(features.globals)));
  const Tensor h2 = Silu(Hear(rows, mix_(h1), mix_pool_, h1));
  return Hear(rows, encode_(h2), encode_pool_, h2);
}

Tensor DiffusionPolicyImpl::Denoise(const MarketBatch& markets, const Features& features, const Tensor& encoded,
                                    const Tensor& noisy_levels, const Tensor& proposal, std::int64_t step) {
  const TypeRows rows(markets);
  const Tensor seen = rows.Gather(environment_->ProposalFeatures(markets, features, noisy_levels, proposal));
  const Tensor u = Silu(encoded + proposal_in_(seen) + step_embedding_[step]);
  const Tensor v = Silu(Hear(rows, head_(u), head_pool_, u));
  const Tensor wanted = out_(v);
  const Tensor levels = config_.projected_clamp ? ProjectedClamp(wanted) : wanted.clamp(-1, 1);
  return rows.Scatter(levels).transpose(1, 2).flatten(1);
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
