#include "models/screening/tensors/exact_levels.h"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <numeric>

#include "models/contract/exact.h"
#include "models/screening/tensors/pack_markets.h"

namespace giot::screening {
namespace {

using contract::ScreeningMarket;
using torch::Tensor;

// One row of a packed batch, in double precision.
struct PackedRow {
  const double* cost_types;
  const double* probabilities;
  const double* globals;
  int types;
};

ScreeningMarket Unpack(const PackedRow& row) {
  // Single precision leaves sums that differ from 1 by more than a caller's may.
  std::array<double, contract::kMaxTypes> shares{};
  const double sum = std::accumulate(row.probabilities, row.probabilities + row.types, 0.0);
  for (int k = 0; k < row.types; ++k) shares[static_cast<std::size_t>(k)] = row.probabilities[k] / sum;
  contract::ScreeningMarketSpec spec;
  spec.cost_types = {row.cost_types, static_cast<std::size_t>(row.types)};
  spec.probabilities = {shares.data(), static_cast<std::size_t>(row.types)};
  spec.value_scale = row.globals[kValueScale];
  spec.value_rate = row.globals[kValueRate];
  spec.cost_curvature = row.globals[kCostCurvature];
  spec.quality_min = row.globals[kQualityMin];
  spec.quality_max = row.globals[kQualityMax];
  if (row.globals[kHasBudget] > 0.0) spec.budget = row.globals[kBudget];
  const absl::StatusOr<ScreeningMarket> market = ScreeningMarket::Create(spec);
  if (!market.ok()) {
    std::cerr << "a packed market is not valid: " << market.status().message() << '\n';
    std::abort();
  }
  return *market;
}

}  // namespace

Tensor ExactLevels(const policy::MarketBatch& markets) {
  const Tensor cost_types = markets.cost_types.to(torch::kFloat64).contiguous();
  const Tensor probabilities = markets.probabilities.to(torch::kFloat64).contiguous();
  const Tensor globals = markets.globals.to(torch::kFloat64).contiguous();
  const Tensor types = markets.mask.sum(1).to(torch::kInt).contiguous();
  Tensor levels = torch::zeros_like(markets.mask);
  auto out = levels.accessor<float, 2>();
  for (std::int64_t row = 0; row < markets.size(); ++row) {
    const ScreeningMarket market =
        Unpack({cost_types.data_ptr<double>() + row * markets.types(),
                probabilities.data_ptr<double>() + row * markets.types(),
                globals.data_ptr<double>() + row * kGlobalColumns, types.data_ptr<int>()[row]});
    const contract::Menu menu = contract::SolveExact(market).menu;
    const double range = market.quality_max() - market.quality_min();
    for (int k = 0; k < menu.size(); ++k) {
      out[row][k] = static_cast<float>(2 * (menu[k].quality - market.quality_min()) / range - 1);
    }
  }
  return levels;
}

}  // namespace giot::screening
