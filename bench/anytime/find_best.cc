#include "bench/anytime/find_best.h"

#include <vector>

#include "models/search/multi_start.h"
#include "models/search/polish.h"
#include "models/search/random_source.h"

namespace giot::bench {
namespace {

using search::SearchResult;

search::Budget Share(std::int64_t evaluations, double share) {
  search::Budget budget;
  budget.evaluations = static_cast<std::int64_t>(share * static_cast<double>(evaluations));
  return budget;
}

std::vector<double> RandomLevels(const search::Objective& objective, std::uint64_t seed) {
  std::vector<double> levels(static_cast<std::size_t>(objective.dimension()));
  search::RandomSource(seed).FillLevels(absl::MakeSpan(levels));
  return levels;
}

// Keeps the better one and adds up what both spent.
void Note(const SearchResult& result, const char* method, BestFound& best) {
  best.evaluations += result.evaluations;
  if (!best.method.empty() && result.value <= best.utility) return;
  best.utility = result.value;
  best.method = method;
}

// How evaluations are shared out.
struct Shares {
  double climb, cma_es, polish, item_cma_es, item_polish;
};
constexpr Shares kWithoutItems = {0.25, 0.25, 0.5, 0.0, 0.0};
constexpr Shares kWithItems = {0.1, 0.2, 0.35, 0.15, 0.2};

}  // namespace

BestFound FindBest(HeldOutMarket& market, std::int64_t evaluations, std::uint64_t seed) {
  const Shares& shares = market.item_objective() != nullptr ? kWithItems : kWithoutItems;
  search::Objective& objective = market.objective();
  const std::vector<double> start = RandomLevels(objective, seed);
  BestFound best;
  const SearchResult climb =
      search::MultiStartClimb(objective, start, Share(evaluations, shares.climb), {.seed = seed, .on_improvement = {}});
  Note(climb, "climb", best);
  const SearchResult cma_es = search::MultiStartCmaEs(objective, start, Share(evaluations, shares.cma_es),
                                                      {.seed = seed, .on_improvement = {}});
  Note(cma_es, "cma_es", best);
  search::PolishOptions options;
  options.seed = seed;
  const SearchResult polish = search::Polish(objective, climb.value > cma_es.value ? climb.levels : cma_es.levels,
                                             Share(evaluations, shares.polish), options);
  Note(polish, "polish", best);
  if (market.item_objective() == nullptr) return best;

  search::Objective& items = *market.item_objective();
  const SearchResult item_cma_es = search::MultiStartCmaEs(
      items, RandomLevels(items, seed), Share(evaluations, shares.item_cma_es), {.seed = seed, .on_improvement = {}});
  Note(item_cma_es, "item_cma_es", best);
  const SearchResult item_polish =
      search::Polish(items, item_cma_es.value > polish.value ? item_cma_es.levels : market.ItemLevels(polish.levels),
                     Share(evaluations, shares.item_polish), options);
  Note(item_polish, "item_polish", best);
  return best;
}

BestFound PolishProposals(HeldOutMarket& market, absl::Span<const double> proposals, std::int64_t evaluations,
                          std::uint64_t seed) {
  search::PolishOptions options;
  options.seed = seed;
  BestFound best;
  Note(search::PolishBest(market.objective(), proposals, Share(evaluations, 1.0), options), "policy_polish", best);
  return best;
}

}  // namespace giot::bench
