#include "trainer/evaluation/reference_search.h"

#include <cstddef>
#include <vector>

#include "models/search/multi_start.h"
#include "models/search/polish.h"

namespace giot::trainer {
namespace {

constexpr std::int64_t kSingleItemEvaluations = 4000;

std::vector<double> MiddleLevels(const search::Objective& objective) {
  return std::vector<double>(static_cast<std::size_t>(objective.dimension()), 0.0);
}

search::Budget Evaluations(std::int64_t count) {
  search::Budget budget;
  budget.evaluations = count;
  return budget;
}

}  // namespace

double SearchBest(UnsolvedMarket& market, std::int64_t evaluations, std::uint64_t seed) {
  search::PolishOptions options;
  options.seed = seed;
  return search::Polish(market.objective(), MiddleLevels(market.objective()), Evaluations(evaluations), options).value;
}

double BestSingleItem(UnsolvedMarket& market, std::uint64_t seed) {
  search::MultiStartOptions options;
  options.seed = seed;
  search::Objective& objective = market.single_item_objective();
  return search::MultiStartCmaEs(objective, MiddleLevels(objective), Evaluations(kSingleItemEvaluations), options)
      .value;
}

}  // namespace giot::trainer
