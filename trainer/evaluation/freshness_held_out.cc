#include "trainer/evaluation/freshness_held_out.h"

#include "models/bundle/anytime_designer.h"
#include "models/freshness/audit.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/menu_objective.h"
#include "models/freshness/post.h"
#include "models/freshness/upper_bound.h"
#include "trainer/evaluation/tied_objective.h"

namespace giot::trainer {
namespace {

constexpr double kRelativeTolerance = 1e-12;

class FreshnessHeldOut : public UnsolvedMarket {
 public:
  explicit FreshnessHeldOut(const freshness::FreshnessMarket& market)
      : market_(market),
        objective_(market_),
        item_objective_(market_),
        single_item_(item_objective_, freshness::kLevelChannels),
        upper_bound_(freshness::FirstBestUtility(market_)) {}

  int types() const override { return market_.types(); }
  double upper_bound() const override { return upper_bound_; }
  search::Objective& objective() override { return objective_; }
  search::Objective& single_item_objective() override { return single_item_; }

  absl::StatusOr<DesignValue> Design(const bundle::Bundle& bundle, int samples, std::uint64_t seed) const override {
    const bundle::AnytimeOptions options{.samples = samples, .seed = seed};
    const auto design = bundle::DesignMenu(bundle, market_, options);
    if (!design.ok()) return design.status();
    return DesignValue{Judge(design->menu), JudgePosted(design->menu)};
  }

 private:
  MenuValue Judge(const freshness::Menu& menu) const {
    const freshness::AuditReport audit = freshness::Audit(market_, menu);
    return {audit.utility_per_vehicle, audit.Feasible(kRelativeTolerance * market_.money_scale())};
  }

  MenuValue JudgePosted(const freshness::Menu& menu) const {
    const absl::StatusOr<freshness::PostedMenu> posted = freshness::Post(market_, menu);
    if (!posted.ok()) return {};
    const freshness::AuditReport audit = freshness::Audit(market_, *posted);
    return {audit.utility_per_vehicle, audit.Feasible(0.0)};
  }

  const freshness::FreshnessMarket market_;
  freshness::MenuObjective objective_;
  freshness::ItemObjective item_objective_;
  TiedObjective single_item_;
  const double upper_bound_;
};

}  // namespace

std::unique_ptr<UnsolvedMarket> MakeHeldOut(const freshness::FreshnessMarket& market) {
  return std::make_unique<FreshnessHeldOut>(market);
}

}  // namespace giot::trainer
