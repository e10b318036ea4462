#include "models/uncertain/tensors/environment.h"

#include <random>
#include <utility>
#include <vector>

#include "models/uncertain/audit.h"
#include "models/uncertain/feasible_decode.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/tensors/decode.h"
#include "models/uncertain/tensors/features.h"
#include "models/uncertain/tensors/market_generator.h"
#include "models/uncertain/tensors/pack_markets.h"
#include "models/uncertain/upper_bound.h"

namespace giot::uncertain {
namespace {

using policy::Features;
using policy::MarketBatch;
using torch::Tensor;

// Below this utility (theta_K = 1) the objective is no longer scaled up.
constexpr double kUtilityFloor = 0.05;
// A step's objective averages over so many scenarios a market, a simulated reward over more.
constexpr std::int64_t kTrainingScenarios = 16;
constexpr std::int64_t kRewardScenarios = 128;
// Of a real-valued menu, relative to its highest reward.
constexpr double kAuditTolerance = 1e-12;

class UncertainHeldOut : public policy::HeldOutMarkets {
 public:
  UncertainHeldOut(const UncertainDistribution& distribution, int count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const int most_draws = 10 * count;
    for (int draw = 0; draw < most_draws && static_cast<int>(markets_.size()) < count; ++draw) {
      const UncertainMarket market = SampleMarket(distribution, random);
      const Scenarios scenarios(market);
      const double bound = UtilityUpperBound(market, scenarios);
      if (bound <= 0.0) continue;
      markets_.push_back(market);
      scenarios_.push_back(scenarios);
      bounds_.push_back(bound);
    }
    batch_ = PackMarkets(markets_, torch::kCPU, distribution.types_max);
  }

  const MarketBatch& batch() const override { return batch_; }
  double Reference(std::int64_t market) const override { return bounds_[static_cast<std::size_t>(market)]; }
  policy::Judgement Judge(std::int64_t index, absl::Span<const double> levels) const override {
    const auto i = static_cast<std::size_t>(index);
    const auto types = static_cast<std::size_t>(markets_[i].types());
    const std::size_t padded = levels.size() / kLevelChannels;
    std::vector<double> real(levels.begin(), levels.begin() + static_cast<std::ptrdiff_t>(types));
    real.insert(real.end(), levels.begin() + static_cast<std::ptrdiff_t>(padded),
                levels.begin() + static_cast<std::ptrdiff_t>(padded + types));
    const contract::Menu menu = DecodeLevels(markets_[i], real);
    const AuditReport audit = Audit(markets_[i], scenarios_[i], menu);
    return {audit.utility_per_vehicle, audit.Feasible(kAuditTolerance * menu[0].reward)};
  }

 private:
  std::vector<UncertainMarket> markets_;
  std::vector<Scenarios> scenarios_;
  std::vector<double> bounds_;  // Money.
  MarketBatch batch_;
};

class UncertainEnvironment : public policy::Environment {
 public:
  explicit UncertainEnvironment(const UncertainDistribution& distribution) : distribution_(distribution) {}

  std::string name() const override { return "uncertain"; }
  policy::PolicyShape shape() const override {
    return {kMaxTypes, kGlobalColumns, kTypeFeatures, kGlobalFeatures, kProposalFeatures, kLevelChannels};
  }
  std::vector<double> Settings() const override {
    const UncertainDistribution& d = distribution_;
    return {static_cast<double>(d.types_min),
            static_cast<double>(d.types_max),
            d.first_type_min,
            d.first_type_max,
            d.last_type_min,
            d.last_type_max,
            d.value_rate_min,
            d.value_rate_max,
            d.cost_curvature_max,
            static_cast<double>(d.vehicles_min),
            static_cast<double>(d.vehicles_max),
            d.coverage_value_min,
            d.coverage_value_max,
            d.threshold_value_min,
            d.threshold_value_max,
            d.threshold_min,
            d.threshold_max,
            d.threshold_width_min,
            d.threshold_width_max,
            d.outside_option_max,
            d.participation_noise_min,
            d.participation_noise_max};
  }

  MarketBatch Generate(std::int64_t count, torch::Device device) const override {
    return GenerateMarkets(distribution_, count, device);
  }
  Features Observe(const MarketBatch& markets) const override { return ComputeFeatures(markets); }
  Tensor ProposalFeatures(const MarketBatch& markets, const Features&, const Tensor& noisy_levels,
                          const Tensor& proposal) const override {
    return uncertain::ProposalFeatures(markets, noisy_levels, proposal);
  }

  Tensor Reward(const MarketBatch& markets, const Tensor& levels) const override {
    const torch::NoGradGuard no_grad;
    return ScaledUtility(markets, levels, kRewardScenarios);
  }
  Tensor Objective(const MarketBatch& markets, const Tensor& levels) const override {
    return ScaledUtility(markets, levels, kTrainingScenarios);
  }

  std::unique_ptr<policy::HeldOutMarkets> HeldOut(int count, std::uint64_t seed) const override {
    return std::make_unique<UncertainHeldOut>(distribution_, count, seed);
  }

 private:
  Tensor ScaledUtility(const MarketBatch& markets, const Tensor& levels, std::int64_t scenarios) const {
    const Tensor drawn = DrawScenarios(markets, scenarios, distribution_.vehicles_max);
    return Utility(markets, drawn, Decode(markets, levels)) / UniformUtility(markets).clamp_min(kUtilityFloor);
  }

  UncertainDistribution distribution_;
};

}  // namespace

std::shared_ptr<const policy::Environment> MakeEnvironment(const UncertainDistribution& distribution) {
  return std::make_shared<const UncertainEnvironment>(distribution);
}

}  // namespace giot::uncertain
