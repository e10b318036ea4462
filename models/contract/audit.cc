#include "models/contract/audit.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "models/contract/post.h"

namespace giot::contract {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMicro = 1e6;

// One way to read items; money below is in units of 1 / kScale.
struct RealUnits {
  static constexpr double kScale = 1.0;
  static double Quality(const Item& item) { return item.quality; }
  static double Reward(const Item& item) { return item.reward; }
  static bool WithinBounds(const ScreeningMarket& market, const Item& item) {
    // Closed forms may miss a bound by a rounding error.
    constexpr double kRounding = 1e-12;
    return item.quality >= market.quality_min() - kRounding && item.quality <= market.quality_max() + kRounding &&
           std::isfinite(item.reward) && item.reward >= 0.0;
  }
};

struct PostedUnits {
  static constexpr double kScale = kMicro;
  static double Quality(const PostedItem& item) { return static_cast<double>(item.quality_micros) / kMicro; }
  static double Reward(const PostedItem& item) { return static_cast<double>(item.reward_micros); }
  static bool WithinBounds(const ScreeningMarket& market, const PostedItem& item) {
    return item.quality_micros >= PostedQualityMin(market) && item.quality_micros <= PostedQualityMax(market) &&
           item.reward_micros >= 0;
  }
};

template <typename Units, typename ItemType>
class Auditor {
 public:
  Auditor(const ScreeningMarket& market, const BasicMenu<ItemType>& menu) : market_(market), menu_(menu) {
    for (int j = 0; j < menu.size(); ++j) {
      const auto item = static_cast<std::size_t>(j);
      reward_[item] = Units::Reward(menu[j]);
      cost_[item] = market.Cost(Units::Quality(menu[j])) * Units::kScale;
      largest_reward_ = std::max(largest_reward_, std::abs(reward_[item]));
    }
  }

  AuditReport Run() {
    AuditReport report;
    report.worst_ir_slack = kInfinity;
    report.worst_ic_slack = kInfinity;
    report.within_bounds = true;
    double pay = 0.0;
    for (int k = 0; k < market_.types(); ++k) {
      const auto type = static_cast<std::size_t>(k);
      const bool served = k < menu_.size();
      const double own = served ? Utility(type, type) : 0.0;
      if (served) {
        const double p = market_.probabilities()[type];
        report.worst_ir_slack = std::min(report.worst_ir_slack, own);
        report.within_bounds = report.within_bounds && Units::WithinBounds(market_, menu_[k]);
        report.utility_per_vehicle += p * ServerUtility(k);
        pay += p * reward_[type];
      }
      for (std::size_t j = 0; j < static_cast<std::size_t>(menu_.size()); ++j) {
        if (j != type) report.worst_ic_slack = std::min(report.worst_ic_slack, own - Utility(type, j));
      }
      Select(k, own, report.realised);
    }
    report.worst_ir_slack /= Units::kScale;
    report.worst_ic_slack /= Units::kScale;
    const auto budget = market_.budget_per_vehicle();
    report.budget_slack = budget ? *budget - pay / Units::kScale : kInfinity;
    Finish(report.realised);
    return report;
  }

 private:
  double Utility(std::size_t type, std::size_t item) const {
    return reward_[item] - market_.cost_types()[type] * cost_[item];
  }

  double ServerUtility(int item) const {
    return market_.Value(Units::Quality(menu_[item])) - reward_[static_cast<std::size_t>(item)] / Units::kScale;
  }

  // Real-valued menus are indifferent by design, so utilities that differ by
  // rounding alone are ties; posted ones are strict.
  double TieTolerance() const { return Units::kScale == 1.0 ? 1e-12 * largest_reward_ : 0.0; }

  void Select(int type, double own, SelfSelection& realised) {
    const bool served = type < menu_.size();
    int choice = served ? type : -1;
    double best = served ? own : 0.0;
    const double tolerance = TieTolerance();
    if (served && own < -tolerance) {
      choice = -1;
      best = 0.0;
    }
    for (int j = 0; j < menu_.size(); ++j) {
      const double utility = Utility(static_cast<std::size_t>(type), static_cast<std::size_t>(j));
      const bool joins = choice < 0 && served && utility >= -tolerance;
      if (utility > best + tolerance || joins) {
        choice = j;
        best = utility;
      }
    }
    realised.choice[static_cast<std::size_t>(type)] = choice;
    const double p = market_.probabilities()[static_cast<std::size_t>(type)];
    if (choice >= 0) {
      realised.participation += p;
      realised.utility_per_vehicle += p * ServerUtility(choice);
      realised.pay_per_vehicle += p * reward_[static_cast<std::size_t>(choice)] / Units::kScale;
    }
    if (served) {
      served_share_ += p;
      if (choice >= 0 && SameItem(choice, type)) realised.truthful += p;
    }
  }

  // Types whose items were merged hold equal ones.
  bool SameItem(int a, int b) const {
    const auto first = static_cast<std::size_t>(a);
    const auto second = static_cast<std::size_t>(b);
    return a == b || (reward_[first] == reward_[second] && cost_[first] == cost_[second]);
  }

  void Finish(SelfSelection& realised) const {
    for (auto k = static_cast<std::size_t>(market_.types()); k < kMaxTypes; ++k) realised.choice[k] = -1;
    if (served_share_ > 0.0) realised.truthful /= served_share_;
  }

  const ScreeningMarket& market_;
  const BasicMenu<ItemType>& menu_;
  std::array<double, kMaxTypes> reward_{};
  std::array<double, kMaxTypes> cost_{};  // C(q_j); a type's cost is theta_k times this.
  double largest_reward_ = 0.0;
  double served_share_ = 0.0;
};

}  // namespace

bool AuditReport::Feasible(double tolerance) const {
  return within_bounds && worst_ir_slack >= -tolerance && worst_ic_slack >= -tolerance && budget_slack >= -tolerance;
}

AuditReport Audit(const ScreeningMarket& market, const Menu& menu) {
  return Auditor<RealUnits, Item>(market, menu).Run();
}

AuditReport Audit(const ScreeningMarket& market, const PostedMenu& menu) {
  return Auditor<PostedUnits, PostedItem>(market, menu).Run();
}

}  // namespace giot::contract
