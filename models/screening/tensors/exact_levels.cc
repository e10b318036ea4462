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

// Writes one market's optimal menu to its row of levels.
using WriteMenu = void (*)(const ScreeningMarket&, const contract::Menu&, torch::TensorAccessor<float, 1>);

// Levels [B, channels K] that `write` makes of each market's optimal menu.
Tensor SolveAll(const policy::MarketBatch& markets, int channels, WriteMenu write) {
  const Tensor cost_types = markets.cost_types.to(torch::kFloat64).contiguous();
  const Tensor probabilities = markets.probabilities.to(torch::kFloat64).contiguous();
  const Tensor globals = markets.globals.to(torch::kFloat64).contiguous();
  const Tensor types = markets.mask.sum(1).to(torch::kInt).contiguous();
  Tensor levels = torch::zeros({markets.size(), channels * markets.types()});
  auto out = levels.accessor<float, 2>();
  for (std::int64_t row = 0; row < markets.size(); ++row) {
    const ScreeningMarket market =
        Unpack({cost_types.data_ptr<double>() + row * markets.types(),
                probabilities.data_ptr<double>() + row * markets.types(),
                globals.data_ptr<double>() + row * kGlobalColumns, types.data_ptr<int>()[row]});
    write(market, contract::SolveExact(market).menu, out[row]);
  }
  return levels;
}

float QualityLevel(const ScreeningMarket& market, double quality) {
  return static_cast<float>(2 * (quality - market.quality_min()) / (market.quality_max() - market.quality_min()) - 1);
}

void WriteQualities(const ScreeningMarket& market, const contract::Menu& menu, torch::TensorAccessor<float, 1> row) {
  for (int k = 0; k < menu.size(); ++k) row[k] = QualityLevel(market, menu[k].quality);
}

void WriteItems(const ScreeningMarket& market, const contract::Menu& menu, torch::TensorAccessor<float, 1> row) {
  const double most = market.cost_types().back() * market.Cost(market.quality_max());
  const std::int64_t padded = row.size(0) / 2;
  WriteQualities(market, menu, row);
  for (int k = 0; k < menu.size(); ++k) row[padded + k] = static_cast<float>(2 * menu[k].reward / most - 1);
}

}  // namespace

Tensor ExactLevels(const policy::MarketBatch& markets) { return SolveAll(markets, 1, WriteQualities); }

Tensor ExactRawLevels(const policy::MarketBatch& markets) { return SolveAll(markets, 2, WriteItems); }

}  // namespace giot::screening
