#include "models/freshness/lane_kernels.h"

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace giot::freshness {
namespace {

// Items and types on a coarse grid, so that utilities and gains often tie.
struct RandomTable {
  explicit RandomTable(std::mt19937_64& random) : size(static_cast<int>(random() % (kMaxTypes + 1))) {
    const auto draw = [&random] { return static_cast<double>(random() % 5) / 4.0; };
    for (std::size_t t = 0; t < kTypeLanes; ++t) sensing[t] = draw(), update[t] = draw();
    for (int j = 0; j < size; ++j) {
      quality.push_back(draw());
      update_rate.push_back(draw());
      reward.push_back(2.0 * draw());
      gain.push_back(draw() - 0.5);
    }
    cost.resize(static_cast<std::size_t>(size));
    FillCosts(sensing, update, quality.data(), update_rate.data(), size, cost.data());
  }

  int size;
  TypeLanes sensing, update;
  std::vector<double> quality, update_rate, reward, gain;
  std::vector<TypeLanes> cost;
};

TEST(LaneKernelsTest, CostsAreThoseOfTheDefinition) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200; ++i) {
    const RandomTable table(random);
    for (std::size_t j = 0; j < table.cost.size(); ++j) {
      for (std::size_t t = 0; t < kTypeLanes; ++t) {
        ASSERT_EQ(table.cost[j][t], table.sensing[t] * table.quality[j] + table.update[t] * table.update_rate[j]);
      }
    }
  }
}

TEST(LaneKernelsTest, BestUtilitiesAreThoseOfAPlainLoop) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200; ++i) {
    const RandomTable table(random);
    TypeLanes utility;
    FindBestUtilities(table.reward.data(), table.cost.data(), table.size, utility);
    for (std::size_t t = 0; t < kTypeLanes; ++t) {
      double best = 0.0;
      for (std::size_t j = 0; j < table.cost.size(); ++j) best = std::max(best, table.reward[j] - table.cost[j][t]);
      ASSERT_EQ(utility[t], best);
    }
  }
}

TEST(LaneKernelsTest, PicksAreThoseOfAPlainLoop) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 200; ++i) {
    const RandomTable table(random);
    TypeLanes least;
    for (double& bar : least) bar = static_cast<double>(random() % 7) / 4.0 - 0.5;
    TypeLanes pick;
    PickMostProfitable(table.reward.data(), table.gain.data(), table.cost.data(), table.size, least, pick);
    for (std::size_t t = 0; t < kTypeLanes; ++t) {
      int best = -1;
      double most = least[t] <= 0.0 ? 0.0 : -std::numeric_limits<double>::infinity();
      for (std::size_t j = 0; j < table.cost.size(); ++j) {
        if (table.reward[j] - table.cost[j][t] < least[t] || table.gain[j] <= most) continue;
        most = table.gain[j];
        best = static_cast<int>(j);
      }
      ASSERT_EQ(pick[t], best);
    }
  }
}

}  // namespace
}  // namespace giot::freshness
