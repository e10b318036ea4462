#include "trainer/evaluation/uncertain_held_out.h"

#include <algorithm>

#include "models/bundle/anytime_designer.h"
#include "models/uncertain/audit.h"
#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/menu_objective.h"
#include "models/uncertain/post.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/upper_bound.h"
#include "trainer/evaluation/tied_objective.h"

namespace giot::trainer {
namespace {

constexpr double kRelativeTolerance = 1e-12;

class UncertainHeldOut : public UnsolvedMarket {
 public:
  explicit UncertainHeldOut(const uncertain::UncertainMarket& market)
      : market_(market),
        scenarios_(market_),
        objective_(market_, scenarios_),
        single_item_(objective_, uncertain::kLevelChannels),
        upper_bound_(uncertain::UtilityUpperBound(market_, scenarios_)) {}

  int types() const override { return market_.types(); }
  double upper_bound() const override { return upper_bound_; }
  search::Objective& objective() override { return objective_; }
  search::Objective& single_item_objective() override { return single_item_; }

  absl::StatusOr<DesignValue> Design(const bundle::Bundle& bundle, int samples, std::uint64_t seed) const override {
    const bundle::AnytimeOptions options{.samples = samples, .seed = seed};
    const auto design = bundle::DesignMenu(bundle, market_, scenarios_, options);
    if (!design.ok()) return design.status();
    return DesignValue{Judge(design->menu), JudgePosted(design->menu)};
  }

 private:
  MenuValue Judge(const contract::Menu& menu) const {
    const uncertain::AuditReport audit = uncertain::Audit(market_, scenarios_, menu);
    double highest = 0.0;
    for (const contract::Item& item : menu.items()) highest = std::max(highest, item.reward);
    return {audit.utility_per_vehicle, audit.Feasible(kRelativeTolerance * highest)};
  }

  MenuValue JudgePosted(const contract::Menu& menu) const {
    const absl::StatusOr<contract::PostedMenu> posted = uncertain::Post(market_, menu);
    if (!posted.ok()) return {};
    const uncertain::AuditReport audit = uncertain::Audit(market_, scenarios_, *posted);
    return {audit.utility_per_vehicle, audit.Feasible(0.0)};
  }

  const uncertain::UncertainMarket market_;
  const uncertain::Scenarios scenarios_;
  uncertain::MenuObjective objective_;
  TiedObjective single_item_;
  const double upper_bound_;
};

}  // namespace

std::unique_ptr<UnsolvedMarket> MakeHeldOut(const uncertain::UncertainMarket& market) {
  return std::make_unique<UncertainHeldOut>(market);
}

}  // namespace giot::trainer
