#include "models/policy/type_rows.h"

#include <algorithm>
#include <vector>

#include "models/policy/tensor_form.h"

namespace giot::policy {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

// sum[b] = sum of the rows of market b, [B, F].
Tensor SumOfMarkets(const Tensor& rows, const Tensor& market, std::int64_t markets) {
  const Tensor source = rows.contiguous();
  const std::int64_t width = source.size(1);
  Tensor sums = torch::zeros({markets, width}, source.options());
  const auto* of = market.data_ptr<std::int64_t>();
  AT_DISPATCH_FLOATING_TYPES(source.scalar_type(), "SumOfMarkets", [&] {
    const scalar_t* row = source.data_ptr<scalar_t>();
    for (std::int64_t n = 0; n < source.size(0); ++n, row += width) {
      scalar_t* const sum = sums.data_ptr<scalar_t>() + of[n] * width;
      for (std::int64_t i = 0; i < width; ++i) sum[i] += row[i];
    }
  });
  return sums;
}

class AddMarkets : public Function<AddMarkets> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& rows, const Tensor& of_markets, const Tensor& market) {
    context->save_for_backward({market});
    context->saved_data["markets"] = of_markets.size(0);
    const Tensor added = of_markets.contiguous();
    const std::int64_t width = added.size(1);
    Tensor sum = rows.contiguous().clone();
    const auto* of = market.data_ptr<std::int64_t>();
    AT_DISPATCH_FLOATING_TYPES(sum.scalar_type(), "AddMarkets", [&] {
      scalar_t* row = sum.data_ptr<scalar_t>();
      for (std::int64_t n = 0; n < sum.size(0); ++n, row += width) {
        const scalar_t* const more = added.data_ptr<scalar_t>() + of[n] * width;
        for (std::int64_t i = 0; i < width; ++i) row[i] += more[i];
      }
    });
    return sum;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const Tensor market = context->get_saved_variables()[0];
    const std::int64_t markets = context->saved_data["markets"].toInt();
    return {gradients[0], SumOfMarkets(gradients[0], market, markets), Tensor()};
  }
};

class PoolMarkets : public Function<PoolMarkets> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& rows, const Tensor& market, const Tensor& weights,
                        std::int64_t markets) {
    context->save_for_backward({market, weights});
    const Tensor source = rows.contiguous();
    const std::int64_t width = source.size(1);
    Tensor pooled = torch::zeros({markets, 2 * width}, source.options());
    const auto* of = market.data_ptr<std::int64_t>();
    AT_DISPATCH_FLOATING_TYPES(source.scalar_type(), "PoolMarkets", [&] {
      const scalar_t* row = source.data_ptr<scalar_t>();
      const scalar_t* weight = weights.data_ptr<scalar_t>();
      for (std::int64_t n = 0; n < source.size(0); ++n, row += width, weight += 2) {
        scalar_t* const expected = pooled.data_ptr<scalar_t>() + of[n] * 2 * width;
        scalar_t* const mean = expected + width;
        for (std::int64_t i = 0; i < width; ++i) expected[i] += weight[0] * row[i];
        for (std::int64_t i = 0; i < width; ++i) mean[i] += weight[1] * row[i];
      }
    });
    return pooled;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor of_pooled = gradients[0].contiguous();
    const std::int64_t width = of_pooled.size(1) / 2;
    Tensor of_rows = torch::empty({saved[0].size(0), width}, of_pooled.options());
    const auto* of = saved[0].data_ptr<std::int64_t>();
    AT_DISPATCH_FLOATING_TYPES(of_rows.scalar_type(), "PoolMarketsBackward", [&] {
      scalar_t* row = of_rows.data_ptr<scalar_t>();
      const scalar_t* weight = saved[1].data_ptr<scalar_t>();
      for (std::int64_t n = 0; n < of_rows.size(0); ++n, row += width, weight += 2) {
        const scalar_t* const expected = of_pooled.data_ptr<scalar_t>() + of[n] * 2 * width;
        const scalar_t* const mean = expected + width;
        for (std::int64_t i = 0; i < width; ++i) row[i] = weight[0] * expected[i] + weight[1] * mean[i];
      }
    });
    return {of_rows, Tensor(), Tensor(), Tensor()};
  }
};

// The gradient of index_select would add up rows one by one, though each place has but one.
class GatherRows : public Function<GatherRows> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& of_types, const Tensor& place) {
    context->save_for_backward({place});
    context->saved_data["sizes"] = of_types.sizes();
    return of_types.flatten(0, 1).index_select(0, place);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const Tensor place = context->get_saved_variables()[0];
    const std::vector<std::int64_t> sizes = context->saved_data["sizes"].toIntVector();
    const Tensor of_types = torch::zeros({sizes[0] * sizes[1], sizes[2]}, gradients[0].options());
    return {of_types.index_copy(0, place, gradients[0]).view(sizes), Tensor()};
  }
};

}  // namespace

TypeRows::TypeRows(const MarketBatch& markets) : markets_(markets), padded_(UsesTensorForm(markets.mask)) {
  if (padded_) return;
  const Tensor mask = markets.mask.to(torch::kFloat).contiguous();
  const Tensor probabilities = markets.probabilities.to(torch::kFloat).contiguous();
  const std::int64_t types = markets.types();
  std::vector<std::int64_t> market;
  std::vector<std::int64_t> place;
  std::vector<float> weights;
  for (std::int64_t b = 0; b < markets.size(); ++b) {
    const float* const real = mask.data_ptr<float>() + b * types;
    const auto count = static_cast<float>(std::count_if(real, real + types, [](float m) { return m > 0; }));
    for (std::int64_t k = 0; k < types; ++k) {
      if (real[k] == 0) continue;
      market.push_back(b);
      place.push_back(b * types + k);
      weights.push_back(probabilities.data_ptr<float>()[b * types + k]);
      weights.push_back(1 / count);
    }
  }
  market_ = torch::tensor(market);
  place_ = torch::tensor(place);
  weights_ = torch::tensor(weights).view({-1, 2}).to(markets.mask.scalar_type());
}

Tensor TypeRows::Gather(const Tensor& of_types) const {
  return padded_ ? of_types : GatherRows::apply(of_types, place_);
}

Tensor TypeRows::Scatter(const Tensor& rows) const {
  if (padded_) return rows * markets_.mask.unsqueeze(2);
  const Tensor padding = torch::zeros({markets_.size() * markets_.types(), rows.size(1)}, rows.options());
  return padding.index_copy(0, place_, rows).view({markets_.size(), markets_.types(), -1});
}

Tensor TypeRows::Add(const Tensor& rows, const Tensor& of_markets) const {
  return padded_ ? rows + of_markets.unsqueeze(1) : AddMarkets::apply(rows, of_markets, market_);
}

// In tensor form by sums, since a batch of small matrix products is several times slower on
// a CPU.
Tensor TypeRows::Pool(const Tensor& rows) const {
  if (!padded_) return PoolMarkets::apply(rows, market_, weights_, markets_.size());
  const Tensor share = markets_.mask / markets_.mask.sum(1, true);
  return torch::cat({(rows * markets_.probabilities.unsqueeze(2)).sum(1), (rows * share.unsqueeze(2)).sum(1)}, 1);
}

}  // namespace giot::policy
