#include "models/freshness/audit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace giot::freshness {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMicro = 1e6;

std::size_t Index(int value) { return static_cast<std::size_t>(value); }

// One way to read items; money below is in units of 1 / kScale.
struct RealUnits {
  static constexpr double kScale = 1.0;
  static double Quality(const Item& item) { return item.quality; }
  static double UpdateRate(const Item& item) { return item.update_rate; }
  static double Reward(const Item& item) { return item.reward; }
  static double Cost(double theta, double delta, const Item& item) {
    return theta * item.quality + delta * item.update_rate;
  }
  static bool WithinBounds(const Item& item) {
    return item.quality >= 0.0 && item.quality <= 1.0 && item.update_rate >= 0.0 && item.update_rate <= 1.0 &&
           std::isfinite(item.reward) && item.reward >= 0.0;
  }
};

struct PostedUnits {
  static constexpr double kScale = kMicro;
  static double Quality(const PostedItem& item) { return static_cast<double>(item.quality_micros) / kMicro; }
  static double UpdateRate(const PostedItem& item) { return static_cast<double>(item.update_rate_micros) / kMicro; }
  static double Reward(const PostedItem& item) { return static_cast<double>(item.reward_micros); }
  static double Cost(double theta, double delta, const PostedItem& item) {
    return theta * static_cast<double>(item.quality_micros) + delta * static_cast<double>(item.update_rate_micros);
  }
  static bool WithinBounds(const PostedItem& item) {
    constexpr std::int64_t kOne = 1'000'000;
    return item.quality_micros >= 0 && item.quality_micros <= kOne && item.update_rate_micros >= 0 &&
           item.update_rate_micros <= kOne && item.reward_micros >= 0;
  }
};

template <typename Units, typename ItemType>
class Auditor {
 public:
  Auditor(const FreshnessMarket& market, const BasicMenu<ItemType>& menu) : market_(market), menu_(menu) {}

  AuditReport Run() const {
    AuditReport report;
    report.worst_ir_slack = kInfinity;
    report.worst_ic_slack = kInfinity;
    report.within_bounds =
        ChoicesExist() && std::all_of(menu_.items().begin(), menu_.items().end(), Units::WithinBounds);
    report.realised.choice.fill(kOptsOut);
    for (int t = 0; t < market_.types(); ++t) {
      CheckConstraints(t, report);
      Select(t, report.realised);
    }
    report.worst_ir_slack /= Units::kScale;
    report.worst_ic_slack /= Units::kScale;
    return report;
  }

 private:
  bool Exists(int item) const { return item >= 0 && item < menu_.size(); }

  bool ChoicesExist() const {
    for (int t = 0; t < market_.types(); ++t) {
      if (menu_.choice(t) != kOptsOut && !Exists(menu_.choice(t))) return false;
    }
    return true;
  }

  int Designed(int type) const { return Exists(menu_.choice(type)) ? menu_.choice(type) : kOptsOut; }

  double Utility(int type, int item) const {
    if (item == kOptsOut) return 0.0;
    return Units::Reward(menu_[item]) -
           Units::Cost(market_.sensing_costs()[Index(type)], market_.update_costs()[Index(type)], menu_[item]);
  }

  double ServerUtility(int item) const {
    if (item == kOptsOut) return 0.0;
    return market_.Value(Units::Quality(menu_[item]), Units::UpdateRate(menu_[item])) -
           Units::Reward(menu_[item]) / Units::kScale;
  }

  void CheckConstraints(int type, AuditReport& report) const {
    const int designed = Designed(type);
    const double own = Utility(type, designed);
    if (designed != kOptsOut) report.worst_ir_slack = std::min(report.worst_ir_slack, own);
    for (int j = 0; j < menu_.size(); ++j) {
      if (j != designed) report.worst_ic_slack = std::min(report.worst_ic_slack, own - Utility(type, j));
    }
    report.utility_per_vehicle += market_.probabilities()[Index(type)] * ServerUtility(designed);
  }

  // Real-valued menus are indifferent by design, so utilities that differ by
  // rounding alone are ties; posted ones are strict.
  double TieTolerance() const { return Units::kScale == 1.0 ? 1e-12 * market_.money_scale() : 0.0; }

  int Choice(int type) const {
    const double tolerance = TieTolerance();
    int choice = Designed(type);
    double best = Utility(type, choice);
    if (best < -tolerance) {
      choice = kOptsOut;
      best = 0.0;
    }
    for (int j = 0; j < menu_.size(); ++j) {
      if (Utility(type, j) <= best + tolerance) continue;
      choice = j;
      best = Utility(type, j);
    }
    return choice;
  }

  void Select(int type, SelfSelection& realised) const {
    const int choice = Choice(type);
    const double p = market_.probabilities()[Index(type)];
    realised.choice[Index(type)] = choice;
    if (choice != kOptsOut) {
      realised.participation += p;
      realised.utility_per_vehicle += p * ServerUtility(choice);
      realised.pay_per_vehicle += p * Units::Reward(menu_[choice]) / Units::kScale;
    }
    if (SameItem(choice, Designed(type))) realised.truthful += p;
  }

  bool SameItem(int a, int b) const {
    if (a == kOptsOut || b == kOptsOut) return a == b;
    return Units::Quality(menu_[a]) == Units::Quality(menu_[b]) &&
           Units::UpdateRate(menu_[a]) == Units::UpdateRate(menu_[b]) &&
           Units::Reward(menu_[a]) == Units::Reward(menu_[b]);
  }

  const FreshnessMarket& market_;
  const BasicMenu<ItemType>& menu_;
};

}  // namespace

bool AuditReport::Feasible(double tolerance) const {
  return within_bounds && worst_ir_slack >= -tolerance && worst_ic_slack >= -tolerance;
}

AuditReport Audit(const FreshnessMarket& market, const Menu& menu) {
  return Auditor<RealUnits, Item>(market, menu).Run();
}

AuditReport Audit(const FreshnessMarket& market, const PostedMenu& menu) {
  return Auditor<PostedUnits, PostedItem>(market, menu).Run();
}

}  // namespace giot::freshness
