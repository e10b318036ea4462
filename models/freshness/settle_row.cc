#include "models/freshness/settle_row.h"

#include <algorithm>

namespace giot::freshness {
namespace {

// A reward or a utility that rises by less is rounding: of takers, or of items, that are
// equal but for that the earliest counts, however a program rounds.
constexpr float kRise = 1e-6F;
// Utilities that differ by no more count as equal.
constexpr float kTie = 4e-6F;
constexpr float kLots = 1e9F;
constexpr int kOut = -1;

// Works out one SettledRow, step by step.
class Settlement {
 public:
  explicit Settlement(const CandidateRow& row) : row_(&row), types_(row.types) {
    for (int t = 0; t < types_; ++t) {
      for (int j = 0; j < types_; ++j) {
        cost_[t][j] = row.sensing_costs[t] * row.quality[j] + row.update_costs[t] * row.update_rate[j];
      }
    }
  }

  SettledRow Settle(int improvements) {
    SelectAtOfferedRewards();
    LowerRewards();
    float utility = ServerUtility();
    for (int i = 0; i < improvements; ++i) {
      const Settlement before = *this;
      SelectInServersFavour();
      LowerRewards();
      const float improved = ServerUtility();
      if (improved <= utility + kRise) {
        *this = before;
        break;
      }
      utility = improved;
    }
    FollowPaths();
    return settled_;
  }

 private:
  void SelectAtOfferedRewards() {
    float offered[kRowTypes];
    for (int j = 0; j < types_; ++j) offered[j] = row_->rent[j] + cost_[j][j];
    for (int t = 0; t < types_; ++t) {
      float most = 0.0F;
      for (int j = 0; j < types_; ++j) most = std::max(most, offered[j] - cost_[t][j]);
      int pick = 0;
      while (pick < types_ && offered[pick] - cost_[t][pick] < most - kTie) ++pick;
      settled_.picks[t] = pick;
    }
    WeighItems();
  }

  // Among what a type likes about as well as its best, what earns the server most.
  void SelectInServersFavour() {
    int picks[kRowTypes];
    for (int t = 0; t < types_; ++t) {
      const float enough = settled_.utility[t] - kTie;
      int pick = types_;
      float most = enough <= 0.0F ? 0.0F : -kLots;
      for (int j = 0; j < types_; ++j) {
        const float profit = row_->value[j] - settled_.reward[j];
        if (!Picked(j) || settled_.reward[j] - cost_[t][j] < enough || profit <= most) continue;
        most = profit;
        pick = j;
      }
      picks[t] = pick;
    }
    std::copy_n(picks, types_, settled_.picks);
    WeighItems();
  }

  void WeighItems() {
    std::fill_n(settled_.mass, types_, 0.0F);
    for (int t = 0; t < types_; ++t) {
      if (settled_.picks[t] < types_) settled_.mass[settled_.picks[t]] += row_->probabilities[t];
    }
  }

  float ServerUtility() const {
    float utility = 0.0F;
    for (int j = 0; j < types_; ++j) utility += settled_.mass[j] * (row_->value[j] - settled_.reward[j]);
    return utility;
  }

  bool Picked(int item) const { return settled_.mass[item] > 0.0F; }

  // Bellman and Ford's method from rewards that pay costs alone. Whom a path came from is
  // noted only where a reward rose, so that paths never run in circles.
  void LowerRewards() {
    std::fill_n(settled_.reward, types_, 0.0F);
    std::fill_n(settled_.utility, types_, 0.0F);
    std::fill_n(taker_, types_, kOut);
    std::fill_n(before_, types_, kOut);
    std::fill_n(likes_, types_, kOut);
    for (int round = 0; round <= types_ && RaiseRewards(); ++round) RaiseUtilities();
  }

  // Whether a reward rose to what the most demanding taker of its item asks.
  bool RaiseRewards() {
    float asked[kRowTypes];
    std::fill_n(asked, types_, -kLots);
    for (int t = 0; t < types_; ++t) {
      const int item = settled_.picks[t];
      if (item != types_) asked[item] = std::max(asked[item], cost_[t][item] + settled_.utility[t]);
    }
    bool any = false;
    bool rose[kRowTypes] = {};
    for (int t = 0; t < types_; ++t) {
      const int item = settled_.picks[t];
      if (item == types_ || rose[item]) continue;
      if (taker_[item] != kOut && asked[item] <= settled_.reward[item] + kRise) continue;
      if (cost_[t][item] + settled_.utility[t] < asked[item] - kRise) continue;
      any = rose[item] = true;
      settled_.reward[item] = asked[item];
      taker_[item] = t;
      before_[item] = likes_[t];
    }
    return any;
  }

  void RaiseUtilities() {
    for (int t = 0; t < types_; ++t) {
      float most = settled_.utility[t] + kRise;
      bool better = false;
      for (int j = 0; j < types_; ++j) {
        if (!Picked(j) || settled_.reward[j] - cost_[t][j] <= most) continue;
        most = settled_.reward[j] - cost_[t][j];
        better = true;
      }
      if (!better) continue;
      settled_.utility[t] = most;
      likes_[t] = 0;
      while (!Picked(likes_[t]) || settled_.reward[likes_[t]] - cost_[t][likes_[t]] < most - kRise) ++likes_[t];
    }
  }

  void FollowPaths() {
    for (int j = 0; j < types_; ++j) {
      int item = j;
      for (int steps = 0; steps < 16 && item != kOut; ++steps, item = before_[item]) {
        settled_.flow[item] += settled_.mass[j];
      }
    }
    for (int j = 0; j < types_; ++j) {
      if (!Picked(j)) continue;
      const float sensing = row_->sensing_costs[taker_[j]] * settled_.flow[j];
      const float update = row_->update_costs[taker_[j]] * settled_.flow[j];
      settled_.demand_sensing[j] += sensing;
      settled_.demand_update[j] += update;
      if (before_[j] == kOut) continue;
      settled_.demand_sensing[before_[j]] -= sensing;
      settled_.demand_update[before_[j]] -= update;
    }
  }

  const CandidateRow* row_;
  int types_;
  float cost_[kRowTypes][kRowTypes];  // [type][item]
  int taker_[kRowTypes];              // The most demanding taker of each item,
  int before_[kRowTypes];             // and what it would take instead; kOut for nothing.
  int likes_[kRowTypes];              // What each type would take at the rewards so far.
  SettledRow settled_{};
};

}  // namespace

SettledRow SettleRow(const CandidateRow& row, int improvements) { return Settlement(row).Settle(improvements); }

}  // namespace giot::freshness
