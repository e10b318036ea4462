#include "models/screening/tensors/environment.h"

#include <utility>

#include "models/contract/audit.h"
#include "models/contract/feasible_decode.h"
#include "models/policy/virtual_costs.h"
#include "models/screening/tensors/decode.h"
#include "models/screening/tensors/market_generator.h"
#include "models/screening/tensors/pack_markets.h"
#include "models/screening/tensors/solved_markets.h"

namespace giot::screening {
namespace {

using contract::MarketDistribution;
using contract::ScreeningMarket;
using policy::Features;
using policy::MarketBatch;
using torch::Tensor;

// Pooling is worthless in some markets; below this utility (theta_K = 1) the
// reward is no longer scaled up.
constexpr double kUtilityFloor = 0.05;
// Of a real-valued menu, relative to its highest reward.
constexpr double kAuditTolerance = 1e-12;

class ScreeningHeldOut : public policy::HeldOutMarkets {
 public:
  ScreeningHeldOut(SolvedMarkets solved, int padded_types)
      : solved_(std::move(solved)), batch_(PackMarkets(solved_.markets, torch::kCPU, padded_types)) {}

  const MarketBatch& batch() const override { return batch_; }
  double Reference(std::int64_t market) const override { return solved_.optima[static_cast<std::size_t>(market)]; }
  policy::Judgement Judge(std::int64_t index, absl::Span<const double> levels) const override {
    const ScreeningMarket& market = solved_.markets[static_cast<std::size_t>(index)];
    const contract::Menu menu =
        contract::DecodeLevels(market, levels.subspan(0, static_cast<std::size_t>(market.types())));
    const contract::AuditReport audit = contract::Audit(market, menu);
    return {audit.utility_per_vehicle, audit.Feasible(kAuditTolerance * menu[0].reward)};
  }

 private:
  SolvedMarkets solved_;
  MarketBatch batch_;
};

class ScreeningEnvironment : public policy::Environment {
 public:
  ScreeningEnvironment(const MarketDistribution& distribution, SeenCosts seen)
      : distribution_(distribution), seen_(seen) {}

  std::string name() const override { return "screening"; }
  policy::PolicyShape shape() const override {
    return {contract::kMaxTypes, kGlobalColumns, kTypeFeatures, kGlobalFeatures, kProposalFeatures, /*channels=*/1};
  }
  std::vector<double> Settings() const override {
    const MarketDistribution& d = distribution_;
    return {static_cast<double>(d.types_min),
            static_cast<double>(d.types_max),
            d.first_type_min,
            d.first_type_max,
            d.last_type_min,
            d.last_type_max,
            d.value_scale_min,
            d.value_scale_max,
            d.value_rate_min,
            d.value_rate_max,
            d.cost_curvature_max,
            d.quality_min_min,
            d.quality_min_max,
            d.budget_share,
            static_cast<double>(seen_)};
  }

  MarketBatch Generate(std::int64_t count, torch::Device device) const override {
    return GenerateMarkets(distribution_, count, device);
  }
  Features Observe(const MarketBatch& markets) const override { return ComputeFeatures(markets, seen_); }
  Tensor ProposalFeatures(const MarketBatch& markets, const Features& features, const Tensor& noisy_levels,
                          const Tensor& proposal) const override {
    return screening::ProposalFeatures(markets, features.reused[0], features.reused[1], noisy_levels, proposal);
  }

  Tensor Reward(const MarketBatch& markets, const Tensor& levels) const override { return Objective(markets, levels); }
  Tensor Objective(const MarketBatch& markets, const Tensor& levels) const override {
    const Tensor virtual_costs = policy::VirtualCosts(markets);
    const Tensor quality = Decode(markets, virtual_costs, levels).quality;
    return Utility(markets, virtual_costs, quality) / PoolingUtility(markets).clamp_min(kUtilityFloor);
  }

  std::unique_ptr<policy::HeldOutMarkets> HeldOut(int count, std::uint64_t seed) const override {
    return std::make_unique<ScreeningHeldOut>(SampleSolvedMarkets(distribution_, count, seed), distribution_.types_max);
  }

 private:
  MarketDistribution distribution_;
  SeenCosts seen_;
};

}  // namespace

std::shared_ptr<const policy::Environment> MakeEnvironment(const MarketDistribution& distribution, SeenCosts seen) {
  return std::make_shared<const ScreeningEnvironment>(distribution, seen);
}

}  // namespace giot::screening
