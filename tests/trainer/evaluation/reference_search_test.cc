#include "trainer/evaluation/reference_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>

#include "models/freshness/market_sampler.h"
#include "models/uncertain/market_sampler.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/utility.h"
#include "trainer/evaluation/freshness_held_out.h"
#include "trainer/evaluation/uncertain_held_out.h"

namespace giot::trainer {
namespace {

constexpr int kMarkets = 5;
constexpr int kGrid = 40;

// The best item of a grid, at the reward of each type that could be the last to accept it.
double BestOfGrid(const freshness::FreshnessMarket& market) {
  double best = 0.0;
  for (int i = 0; i <= kGrid; ++i) {
    for (int j = 0; j <= kGrid; ++j) {
      const double quality = static_cast<double>(i) / kGrid;
      const double update_rate = static_cast<double>(j) / kGrid;
      for (int last = 0; last < market.types(); ++last) {
        const double reward = market.Cost(last, quality, update_rate);
        double utility = 0.0;
        for (int t = 0; t < market.types(); ++t) {
          if (market.Cost(t, quality, update_rate) > reward) continue;
          utility +=
              market.probabilities()[static_cast<std::size_t>(t)] * (market.Value(quality, update_rate) - reward);
        }
        best = std::max(best, utility);
      }
    }
  }
  return best;
}

// The same at rents of the costliest type up to where nearly all take part.
double BestOfGrid(const uncertain::UncertainMarket& market) {
  const uncertain::Scenarios scenarios(market);
  const double largest_rent = market.outside_option() + 8.0 * market.participation_noise();
  double best = 0.0;
  for (int i = 0; i <= kGrid; ++i) {
    for (int j = 0; j <= kGrid; ++j) {
      contract::Menu menu(market.types());
      for (int k = 0; k < menu.size(); ++k) {
        menu[k].quality = static_cast<double>(i) / kGrid;
        menu[k].reward = market.cost_types().back() * market.Cost(menu[k].quality) + largest_rent * j / kGrid;
      }
      best = std::max(best, uncertain::Utility(market, scenarios, menu));
    }
  }
  return best;
}

// A grid may miss a little, a search must not.
void ExpectTheBest(double found, double of_grid, double upper_bound) {
  EXPECT_GE(found, of_grid * (1.0 - 1e-4));
  EXPECT_LE(found, of_grid * 1.05 + 1e-3);
  EXPECT_LE(found, upper_bound);
}

TEST(BestSingleItem, IsThatOfAnExhaustiveSearchOfFreshnessItems) {
  std::mt19937_64 random(1);
  for (int i = 0; i < kMarkets; ++i) {
    const freshness::FreshnessMarket market = freshness::SampleMarket({}, random);
    const auto held_out = MakeHeldOut(market);
    ExpectTheBest(BestSingleItem(*held_out, 3), BestOfGrid(market), held_out->upper_bound());
  }
}

TEST(BestSingleItem, IsThatOfAnExhaustiveSearchOfItemsOfUncertainMarkets) {
  std::mt19937_64 random(2);
  for (int i = 0; i < kMarkets; ++i) {
    const uncertain::UncertainMarket market = uncertain::SampleMarket({}, random);
    const auto held_out = MakeHeldOut(market);
    ExpectTheBest(BestSingleItem(*held_out, 3), BestOfGrid(market), held_out->upper_bound());
  }
}

TEST(SearchBest, FindsMoreThanOneItemCanBringAndMoreWithMoreEffort) {
  for (const bundle::Family family : {bundle::Family::kUncertain, bundle::Family::kFreshness}) {
    const auto draw = UnsolvedMarkets(family, 4);
    for (int i = 0; i < kMarkets; ++i) {
      const auto market = draw();
      const double little = SearchBest(*market, 100, 5);
      const double much = SearchBest(*market, 3000, 5);
      EXPECT_GE(much, little);
      EXPECT_GE(much, BestSingleItem(*market, 5));
      EXPECT_LE(much, market->upper_bound());
      EXPECT_EQ(little, SearchBest(*market, 100, 5));
    }
  }
}

}  // namespace
}  // namespace giot::trainer
