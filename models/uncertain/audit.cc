#include "models/uncertain/audit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "models/uncertain/utility.h"

namespace giot::uncertain {
namespace {

using contract::Item;
using contract::PostedItem;

constexpr double kMicro = 1e6;

// One way to read items; money below is in units of 1 / kScale.
struct RealUnits {
  static constexpr double kScale = 1.0;
  static double Quality(const Item& item) { return item.quality; }
  static double Reward(const Item& item) { return item.reward; }
};

struct PostedUnits {
  static constexpr double kScale = kMicro;
  static double Quality(const PostedItem& item) { return static_cast<double>(item.quality_micros) / kMicro; }
  static double Reward(const PostedItem& item) { return static_cast<double>(item.reward_micros); }
};

template <typename Units, typename ItemType>
class Auditor {
 public:
  Auditor(const UncertainMarket& market, const contract::BasicMenu<ItemType>& menu)
      : market_(market), types_(static_cast<std::size_t>(market.types())) {
    for (std::size_t j = 0; j < types_; ++j) {
      const ItemType& item = menu[static_cast<int>(j)];
      quality_[j] = Units::Quality(item);
      reward_[j] = Units::Reward(item);
      cost_[j] = market.Cost(quality_[j]) * Units::kScale;
      largest_reward_ = std::max(largest_reward_, std::abs(reward_[j]));
    }
  }

  AuditReport Run(const Scenarios& scenarios) const {
    AuditReport report;
    CheckConstraints(report);
    contract::Menu menu(market_.types());
    for (std::size_t k = 0; k < types_; ++k) {
      const double p = market_.probabilities()[k];
      const double share = market_.Participation(Utility(k, k) / Units::kScale);
      const double reward = reward_[k] / Units::kScale;
      menu[static_cast<int>(k)] = {quality_[k], reward};
      report.participation += p * share;
      report.pay_per_vehicle += p * share * reward;
      if (PrefersOwn(k)) report.truthful += p;
    }
    report.utility_per_vehicle = uncertain::Utility(market_, scenarios, menu);
    return report;
  }

 private:
  void CheckConstraints(AuditReport& report) const {
    report.worst_ir_slack = std::numeric_limits<double>::infinity();
    report.worst_ic_slack = std::numeric_limits<double>::infinity();
    report.within_bounds = true;
    for (std::size_t k = 0; k < types_; ++k) {
      const double own = Utility(k, k);
      report.worst_ir_slack = std::min(report.worst_ir_slack, own / Units::kScale);
      for (std::size_t j = 0; j < types_; ++j) {
        if (j != k) report.worst_ic_slack = std::min(report.worst_ic_slack, (own - Utility(k, j)) / Units::kScale);
      }
      report.within_bounds = report.within_bounds && quality_[k] >= 0.0 && quality_[k] <= 1.0 &&
                             std::isfinite(reward_[k]) && reward_[k] >= 0.0;
    }
  }

  double Utility(std::size_t type, std::size_t item) const {
    return reward_[item] - market_.cost_types()[type] * cost_[item];
  }

  // Real-valued menus are indifferent by design, so utilities that differ by
  // rounding alone are ties; posted ones are strict.
  bool PrefersOwn(std::size_t type) const {
    const double tolerance = Units::kScale == 1.0 ? 1e-12 * largest_reward_ : 0.0;
    const double enough = Utility(type, type) + tolerance;
    for (std::size_t j = 0; j < types_; ++j) {
      if (Utility(type, j) > enough) return false;
    }
    return true;
  }

  const UncertainMarket& market_;
  std::size_t types_;
  std::array<double, kMaxTypes> quality_{};
  std::array<double, kMaxTypes> reward_{};
  std::array<double, kMaxTypes> cost_{};  // C(q_j); a type's cost is theta_k times this.
  double largest_reward_ = 0.0;
};

}  // namespace

bool AuditReport::Feasible(double tolerance) const {
  return within_bounds && worst_ir_slack >= -tolerance && worst_ic_slack >= -tolerance;
}

AuditReport Audit(const UncertainMarket& market, const Scenarios& scenarios, const contract::Menu& menu) {
  return Auditor<RealUnits, Item>(market, menu).Run(scenarios);
}

AuditReport Audit(const UncertainMarket& market, const Scenarios& scenarios, const contract::PostedMenu& menu) {
  return Auditor<PostedUnits, PostedItem>(market, menu).Run(scenarios);
}

}  // namespace giot::uncertain
