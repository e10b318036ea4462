#include "models/freshness/tensors/environment.h"

#include <random>
#include <utility>
#include <vector>

#include "models/freshness/audit.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/tensors/decode.h"
#include "models/freshness/tensors/features.h"
#include "models/freshness/tensors/market_generator.h"
#include "models/freshness/tensors/pack_markets.h"
#include "models/freshness/upper_bound.h"

namespace giot::freshness {
namespace {

using policy::Features;
using policy::MarketBatch;
using torch::Tensor;

constexpr int kLevelChannels = 3;
// Below this utility the objective is no longer scaled up; money where the largest
// sensing cost is 1.
constexpr double kUtilityFloor = 0.05;
// Noise of the smoothed choice, in the same money.
constexpr double kTemperature = 0.01;
// Of a real-valued menu, relative to the market's scale of money.
constexpr double kAuditTolerance = 1e-12;

class FreshnessHeldOut : public policy::HeldOutMarkets {
 public:
  FreshnessHeldOut(const FreshnessDistribution& distribution, int count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const int most_draws = 10 * count;
    for (int draw = 0; draw < most_draws && static_cast<int>(markets_.size()) < count; ++draw) {
      const FreshnessMarket market = SampleMarket(distribution, random);
      const double bound = FirstBestUtility(market);
      if (bound <= 0.0) continue;
      markets_.push_back(market);
      bounds_.push_back(bound);
    }
    batch_ = PackMarkets(markets_, torch::kCPU);
  }

  const MarketBatch& batch() const override { return batch_; }
  double Reference(std::int64_t market) const override { return bounds_[static_cast<std::size_t>(market)]; }
  policy::Judgement Judge(std::int64_t index, absl::Span<const double> levels) const override {
    const FreshnessMarket& market = markets_[static_cast<std::size_t>(index)];
    const auto types = static_cast<std::size_t>(market.types());
    std::vector<double> real;
    for (std::size_t channel = 0; channel < kLevelChannels; ++channel) {
      const auto row = levels.subspan(channel * kMaxTypes, types);
      real.insert(real.end(), row.begin(), row.end());
    }
    const AuditReport audit = Audit(market, DecodeLevels(market, real).menu);
    return {audit.utility_per_vehicle, audit.Feasible(kAuditTolerance * market.money_scale())};
  }

 private:
  std::vector<FreshnessMarket> markets_;
  std::vector<double> bounds_;  // Money.
  MarketBatch batch_;
};

class FreshnessEnvironment : public policy::Environment {
 public:
  explicit FreshnessEnvironment(const FreshnessDistribution& distribution) : distribution_(distribution) {}

  std::string name() const override { return "freshness"; }
  policy::PolicyShape shape() const override {
    return {kMaxTypes, kGlobalColumns, kTypeFeatures, kGlobalFeatures, kProposalFeatures, kLevelChannels};
  }
  std::vector<double> Settings() const override {
    const FreshnessDistribution& d = distribution_;
    return {d.first_sensing_min, d.first_sensing_max, d.last_sensing_min,   d.last_sensing_max,
            d.first_update_min,  d.first_update_max,  d.last_update_min,    d.last_update_max,
            d.correlation_min,   d.correlation_max,   d.value_scale_min,    d.value_scale_max,
            d.value_rate_min,    d.value_rate_max,    d.staleness_rate_min, d.staleness_rate_max};
  }

  MarketBatch Generate(std::int64_t count, torch::Device device) const override {
    return GenerateMarkets(distribution_, count, device);
  }
  Features Observe(const MarketBatch& markets) const override { return ComputeFeatures(markets); }
  Tensor ProposalFeatures(const MarketBatch& markets, const Features&, const Tensor& noisy_levels,
                          const Tensor& proposal) const override {
    return freshness::ProposalFeatures(markets, noisy_levels, proposal);
  }

  Tensor Reward(const MarketBatch& markets, const Tensor& levels) const override {
    const torch::NoGradGuard no_grad;
    const Candidates candidates = MakeCandidates(markets, levels);
    return Utility(markets, candidates, SettleCandidates(markets, candidates, kImprovements)) / Scale(markets);
  }
  Tensor Objective(const MarketBatch& markets, const Tensor& levels) const override {
    const Candidates candidates = MakeCandidates(markets, levels);
    const Tensor settled = Utility(markets, candidates, SettleCandidates(markets, candidates, kImprovements));
    const Tensor smoothed = SmoothedUtility(markets, candidates, kTemperature);
    return 0.5 * (settled + smoothed) / Scale(markets);
  }

  std::unique_ptr<policy::HeldOutMarkets> HeldOut(int count, std::uint64_t seed) const override {
    return std::make_unique<FreshnessHeldOut>(distribution_, count, seed);
  }

 private:
  static Tensor Scale(const MarketBatch& markets) { return SingleItemUtility(markets).clamp_min(kUtilityFloor); }

  FreshnessDistribution distribution_;
};

}  // namespace

std::shared_ptr<const policy::Environment> MakeEnvironment(const FreshnessDistribution& distribution) {
  return std::make_shared<const FreshnessEnvironment>(distribution);
}

}  // namespace giot::freshness
