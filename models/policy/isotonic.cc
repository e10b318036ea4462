#include "models/policy/isotonic.h"

#include <cstddef>
#include <tuple>
#include <vector>

#include "models/policy/tensor_form.h"

namespace giot::policy {
namespace {

using torch::Tensor;

// Above any mean; finite, so that no gradient turns into 0 x infinity.
constexpr double kBeyond = 1e30;

// The min-max formula: the same operations whatever the values are, so that any device
// can run it without asking the host, and a trace records all of it.
Tensor MinMaxRegression(const Tensor& values, const Tensor& weights) {
  const std::int64_t types = values.size(1);
  const Tensor w = weights.to(torch::kDouble);
  const Tensor z = values.to(torch::kDouble);
  const Tensor weight_sum = w.cumsum(1);
  const Tensor value_sum = (w * z).cumsum(1);
  const Tensor weight_before = (weight_sum - w).unsqueeze(2);
  const Tensor value_before = (value_sum - w * z).unsqueeze(2);
  const Tensor block_weight = (weight_sum.unsqueeze(1) - weight_before).clamp_min(1e-15);
  const Tensor mean = (value_sum.unsqueeze(1) - value_before) / block_weight;  // [B, i, j]
  const Tensor invalid =
      torch::ones({types, types}, torch::TensorOptions(values.device()).dtype(torch::kBool)).tril(-1);
  const Tensor valid_mean = mean.masked_fill(invalid, -kBeyond);
  const Tensor max_over_j = std::get<0>(valid_mean.flip({2}).cummax(2)).flip({2});  // [B, i, k]: max_{j >= k}
  const Tensor reachable = max_over_j.masked_fill(invalid, kBeyond);
  const Tensor min_over_i = std::get<0>(reachable.cummin(1));
  return min_over_i.diagonal(0, 1, 2).to(values.dtype());
}

// One row by pooling adjacent violators; `block` says which block each type is in.
template <typename Scalar>
void PoolRow(const Scalar* values, const Scalar* weights, std::int64_t types, Scalar* pooled, std::int64_t* block) {
  struct Pool {
    double sum, weight;
    std::int64_t end;
  };
  static thread_local std::vector<Pool> pools;
  pools.clear();
  for (std::int64_t k = 0; k < types; ++k) {
    const double weight = static_cast<double>(weights[k]) + 1e-15;
    pools.push_back({weight * static_cast<double>(values[k]), weight, k + 1});
    while (pools.size() > 1) {
      Pool& before = pools[pools.size() - 2];
      const Pool& last = pools.back();
      if (before.sum * last.weight >= last.sum * before.weight) break;
      before = {before.sum + last.sum, before.weight + last.weight, last.end};
      pools.pop_back();
    }
  }
  std::int64_t k = 0;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    for (; k < pools[i].end; ++k) {
      pooled[k] = static_cast<Scalar>(pools[i].sum / pools[i].weight);
      block[k] = static_cast<std::int64_t>(i);
    }
  }
}

// The same on the CPU, some twenty times faster: the gradient of a block's mean goes to
// its types by weight.
class PooledRegression : public torch::autograd::Function<PooledRegression> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& values, const Tensor& weights) {
    const Tensor z = values.contiguous();
    const Tensor w = weights.to(z.dtype()).contiguous();
    Tensor pooled = torch::empty_like(z);
    Tensor blocks = torch::empty(z.sizes(), torch::kLong);
    AT_DISPATCH_FLOATING_TYPES(z.scalar_type(), "PooledRegression", [&] {
      const std::int64_t types = z.size(1);
      for (std::int64_t row = 0; row < z.size(0); ++row) {
        PoolRow(z.data_ptr<scalar_t>() + row * types, w.data_ptr<scalar_t>() + row * types, types,
                pooled.data_ptr<scalar_t>() + row * types, blocks.data_ptr<std::int64_t>() + row * types);
      }
    });
    context->save_for_backward({w, blocks});
    return pooled;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor w = saved[0] + 1e-15;
    const Tensor& blocks = saved[1];
    const Tensor weight = torch::zeros_like(w).scatter_add(1, blocks, w);
    const Tensor gradient = torch::zeros_like(w).scatter_add(1, blocks, gradients[0]);
    return {w * (gradient / weight.clamp_min(1e-30)).gather(1, blocks), Tensor()};
  }
};

}  // namespace

Tensor NonincreasingRegression(const Tensor& values, const Tensor& weights) {
  if (UsesTensorForm(values)) return MinMaxRegression(values, weights);
  return PooledRegression::apply(values, weights);
}

}  // namespace giot::policy
