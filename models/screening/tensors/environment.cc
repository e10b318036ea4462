#include "models/screening/tensors/environment.h"

#include <random>
#include <utility>

#include "models/contract/audit.h"
#include "models/contract/exact.h"
#include "models/contract/feasible_decode.h"
#include "models/policy/virtual_costs.h"
#include "models/screening/tensors/decode.h"
#include "models/screening/tensors/features.h"
#include "models/screening/tensors/market_generator.h"
#include "models/screening/tensors/pack_markets.h"

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
  ScreeningHeldOut(const MarketDistribution& distribution, int count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const int most_draws = 10 * count;
    for (int draw = 0; draw < most_draws && static_cast<int>(markets_.size()) < count; ++draw) {
      const ScreeningMarket market = contract::SampleMarket(distribution, random);
      const double optimum = contract::SolveExact(market).utility_per_vehicle;
      if (optimum <= 0.0) continue;
      markets_.push_back(market);
      optima_.push_back(optimum);
    }
    batch_ = PackMarkets(markets_, torch::kCPU, distribution.types_max);
  }

  const MarketBatch& batch() const override { return batch_; }
  double Reference(std::int64_t market) const override { return optima_[static_cast<std::size_t>(market)]; }
  policy::Judgement Judge(std::int64_t index, absl::Span<const double> levels) const override {
    const ScreeningMarket& market = markets_[static_cast<std::size_t>(index)];
    const contract::Menu menu =
        contract::DecodeLevels(market, levels.subspan(0, static_cast<std::size_t>(market.types())));
    const contract::AuditReport audit = contract::Audit(market, menu);
    return {audit.utility_per_vehicle, audit.Feasible(kAuditTolerance * menu[0].reward)};
  }

 private:
  std::vector<ScreeningMarket> markets_;
  std::vector<double> optima_;  // Money.
  MarketBatch batch_;
};

class ScreeningEnvironment : public policy::Environment {
 public:
  explicit ScreeningEnvironment(const MarketDistribution& distribution) : distribution_(distribution) {}

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
            d.budget_share};
  }

  MarketBatch Generate(std::int64_t count, torch::Device device) const override {
    return GenerateMarkets(distribution_, count, device);
  }
  Features Observe(const MarketBatch& markets) const override { return ComputeFeatures(markets); }
  Tensor ProposalFeatures(const MarketBatch& markets, const Features& features, const Tensor& noisy_levels,
                          const Tensor& proposal) const override {
    return screening::ProposalFeatures(markets, features.reused[0], noisy_levels, proposal);
  }

  Tensor Reward(const MarketBatch& markets, const Tensor& levels) const override { return Objective(markets, levels); }
  Tensor Objective(const MarketBatch& markets, const Tensor& levels) const override {
    const Tensor virtual_costs = policy::VirtualCosts(markets);
    const Tensor quality = Decode(markets, virtual_costs, levels).quality;
    return Utility(markets, virtual_costs, quality) / PoolingUtility(markets).clamp_min(kUtilityFloor);
  }

  std::unique_ptr<policy::HeldOutMarkets> HeldOut(int count, std::uint64_t seed) const override {
    return std::make_unique<ScreeningHeldOut>(distribution_, count, seed);
  }

 private:
  MarketDistribution distribution_;
};

}  // namespace

std::shared_ptr<const policy::Environment> MakeEnvironment(const MarketDistribution& distribution) {
  return std::make_shared<const ScreeningEnvironment>(distribution);
}

}  // namespace giot::screening
