#include "trainer/learning/set_network.h"

#include "models/policy/silu.h"

namespace giot::trainer {
namespace {

using policy::Features;
using policy::MarketBatch;
using policy::TypeRows;
using torch::Tensor;
using torch::nn::Linear;
using torch::nn::LinearOptions;

Linear WithoutBias(std::int64_t in, std::int64_t out) { return Linear(LinearOptions(in, out).bias(false)); }

ScoreNetwork Critic(const policy::PolicyShape& shape, int hidden) {
  return ScoreNetwork(shape, shape.type_features + shape.channels, hidden);
}

// Levels [B, C K] beside the features of their types, [B, K, type_features + C].
Tensor WithLevels(const Features& features, const Tensor& levels) {
  const std::int64_t types = features.types.size(1);
  return torch::cat({features.types, levels.reshape({levels.size(0), -1, types}).transpose(1, 2)}, 2);
}

}  // namespace

SetEncoderImpl::SetEncoderImpl(const policy::PolicyShape& shape, int type_inputs, int hidden)
    : type_in_(register_module("type_in", Linear(type_inputs, hidden))),
      global_in_(register_module("global_in", WithoutBias(shape.global_features, hidden))),
      mix_(register_module("mix", Linear(hidden, hidden))),
      mix_pool_(shape.types > 1 ? register_module("mix_pool", WithoutBias(2 * hidden, hidden)) : nullptr) {}

Tensor SetEncoderImpl::forward(const TypeRows& rows, const Tensor& types, const Tensor& globals) {
  const Tensor h1 = policy::Silu(rows.Add(type_in_(rows.Gather(types)), global_in_(globals)));
  return policy::Silu(mix_pool_.is_empty() ? mix_(h1) : rows.Add(mix_(h1), mix_pool_(rows.Pool(h1))));
}

LevelNetworkImpl::LevelNetworkImpl(const policy::PolicyShape& shape, int channels, int hidden)
    : encoder_(register_module("encoder", SetEncoder(shape, shape.type_features, hidden))),
      out_(register_module("out", Linear(hidden, channels))),
      out_pool_(register_module("out_pool", WithoutBias(2 * hidden, channels))) {}

Tensor LevelNetworkImpl::forward(const MarketBatch& markets, const Features& features) {
  const TypeRows rows(markets);
  const Tensor h2 = encoder_(rows, features.types, features.globals);
  return rows.Scatter(rows.Add(out_(h2), out_pool_(rows.Pool(h2)))).transpose(1, 2).flatten(1);
}

ScoreNetworkImpl::ScoreNetworkImpl(const policy::PolicyShape& shape, int type_inputs, int hidden)
    : pools_(shape.types > 1),
      encoder_(register_module("encoder", SetEncoder(shape, type_inputs, hidden))),
      pooled_(register_module("pooled", Linear(pools_ ? 2 * hidden : hidden, hidden))),
      out_(register_module("out", Linear(hidden, 1))) {}

Tensor ScoreNetworkImpl::forward(const MarketBatch& markets, const Tensor& types, const Tensor& globals) {
  const TypeRows rows(markets);
  const Tensor h2 = encoder_(rows, types, globals);
  const Tensor of_markets = pools_ ? rows.Pool(h2) : h2.view({markets.size(), -1});
  return out_(policy::Silu(pooled_(of_markets))).squeeze(1);
}

TwinCriticImpl::TwinCriticImpl(const policy::PolicyShape& shape, int hidden)
    : first_(register_module("first", Critic(shape, hidden))),
      second_(register_module("second", Critic(shape, hidden))) {}

Tensor TwinCriticImpl::Least(const MarketBatch& markets, const Features& features, const Tensor& levels) {
  const Tensor types = WithLevels(features, levels);
  return torch::min(first_(markets, types, features.globals), second_(markets, types, features.globals));
}

Tensor TwinCriticImpl::RegressionLoss(const MarketBatch& markets, const Features& features, const Tensor& levels,
                                      const Tensor& rewards) {
  const Tensor types = WithLevels(features, levels);
  return torch::mse_loss(first_(markets, types, features.globals), rewards) +
         torch::mse_loss(second_(markets, types, features.globals), rewards);
}

}  // namespace giot::trainer
