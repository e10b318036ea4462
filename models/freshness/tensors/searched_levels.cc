#include "models/freshness/tensors/searched_levels.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "models/freshness/encode_levels.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/menu_objective.h"
#include "models/freshness/tensors/pack_markets.h"
#include "models/search/multi_start.h"
#include "models/search/polish.h"

namespace giot::freshness {
namespace {

constexpr std::int64_t kSearchEvaluations = 1'500;
constexpr std::int64_t kPolishEvaluations = 2'500;

FreshnessMarket MarketOf(const policy::MarketBatch& markets, std::int64_t row) {
  const auto types = markets.mask[row].sum().item<std::int64_t>();
  const auto numbers = [&](const torch::Tensor& from) {
    const torch::Tensor real = from.narrow(0, 0, types).to(torch::kDouble).contiguous();
    return std::vector<double>(real.data_ptr<double>(), real.data_ptr<double>() + types);
  };
  const std::vector<double> sensing = numbers(markets.cost_types[row]);
  const std::vector<double> updates = numbers(UpdateCosts(markets)[row]);
  std::vector<double> probabilities = numbers(markets.probabilities[row]);
  double sum = 0.0;
  for (const double p : probabilities) sum += p;
  for (double& p : probabilities) p /= sum;
  FreshnessMarketSpec spec;
  spec.sensing_costs = sensing;
  spec.update_costs = updates;
  spec.probabilities = probabilities;
  spec.value_scale = markets.globals[row][kValueScale].item<double>();
  spec.value_rate = markets.globals[row][kValueRate].item<double>();
  spec.staleness_rate = markets.globals[row][kStalenessRate].item<double>();
  const absl::StatusOr<FreshnessMarket> market = FreshnessMarket::Create(spec);
  if (!market.ok()) std::abort();
  return *market;
}

search::Budget Evaluations(std::int64_t count) {
  search::Budget budget;
  budget.evaluations = count;
  return budget;
}

std::vector<double> LevelsFor(const FreshnessMarket& market) {
  MenuObjective objective(market);
  const std::vector<double> start(static_cast<std::size_t>(objective.dimension()), 0.0);
  const search::SearchResult found = search::MultiStartCmaEs(objective, start, Evaluations(kSearchEvaluations), {});
  const search::SearchResult polished = search::Polish(objective, found.levels, Evaluations(kPolishEvaluations));
  std::vector<double> levels(start.size());
  EncodeRobustLevels(market, DecodeLevels(market, polished.levels).menu, absl::MakeSpan(levels));
  return levels;
}

}  // namespace

torch::Tensor SearchedLevels(const policy::MarketBatch& markets) {
  const std::int64_t padded = markets.types();
  torch::Tensor levels = torch::full({markets.size(), kLevelChannels * padded}, -1.0F);
  for (std::int64_t row = 0; row < markets.size(); ++row) {
    const FreshnessMarket market = MarketOf(markets, row);
    const std::vector<double> found = LevelsFor(market);
    const std::int64_t types = market.types();
    for (int channel = 0; channel < kLevelChannels; ++channel) {
      std::copy_n(found.begin() + channel * types, types,
                  levels.data_ptr<float>() + (row * kLevelChannels + channel) * padded);
    }
  }
  return levels;
}

}  // namespace giot::freshness
