#include "models/screening/tensors/raw_environment.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "models/contract/audit.h"
#include "models/screening/tensors/decode.h"
#include "models/screening/tensors/environment.h"
#include "models/screening/tensors/pack_markets.h"
#include "models/screening/tensors/solved_markets.h"

namespace giot::screening {
namespace {

using contract::ScreeningMarket;
using policy::Features;
using policy::MarketBatch;
using torch::Tensor;

constexpr int kChannels = 2;
constexpr double kUtilityFloor = 0.05;
constexpr double kAuditTolerance = 1e-6;

class RawHeldOut : public policy::HeldOutMarkets {
 public:
  RawHeldOut(SolvedMarkets solved, int padded_types)
      : solved_(std::move(solved)), batch_(PackMarkets(solved_.markets, torch::kCPU, padded_types)) {}

  const MarketBatch& batch() const override { return batch_; }
  double Reference(std::int64_t market) const override { return solved_.optima[static_cast<std::size_t>(market)]; }
  policy::Judgement Judge(std::int64_t index, absl::Span<const double> levels) const override {
    const ScreeningMarket& market = solved_.markets[static_cast<std::size_t>(index)];
    const contract::Menu menu = RawMenu(market, levels);
    const contract::AuditReport audit = contract::Audit(market, menu);
    double highest = 0.0;
    for (const contract::Item& item : menu.items()) highest = std::max(highest, item.reward);
    return {audit.realised.utility_per_vehicle, audit.Feasible(kAuditTolerance * highest)};
  }

 private:
  static contract::Menu RawMenu(const ScreeningMarket& market, absl::Span<const double> levels) {
    const std::size_t padded = levels.size() / kChannels;
    const double low = market.quality_min();
    const double most = market.cost_types().back() * market.Cost(market.quality_max());
    contract::Menu menu(market.types());
    for (int k = 0; k < market.types(); ++k) {
      const auto type = static_cast<std::size_t>(k);
      menu[k].quality = low + (market.quality_max() - low) * (0.5 + 0.5 * levels[type]);
      menu[k].reward = most * (0.5 + 0.5 * levels[padded + type]);
    }
    return menu;
  }

  SolvedMarkets solved_;
  MarketBatch batch_;
};

class RawEnvironment : public policy::Environment {
 public:
  RawEnvironment(const contract::MarketDistribution& distribution, double penalty, SeenCosts seen)
      : distribution_(distribution), penalty_(penalty), decoded_(MakeEnvironment(distribution, seen)) {}

  std::string name() const override { return "screening_raw"; }
  policy::PolicyShape shape() const override {
    policy::PolicyShape shape = decoded_->shape();
    shape.channels = kChannels;
    shape.proposal_features = 2 * kChannels;
    return shape;
  }
  std::vector<double> Settings() const override {
    std::vector<double> settings = decoded_->Settings();
    settings.push_back(penalty_);
    return settings;
  }

  MarketBatch Generate(std::int64_t count, torch::Device device) const override {
    return decoded_->Generate(count, device);
  }
  Features Observe(const MarketBatch& markets) const override { return decoded_->Observe(markets); }
  Tensor ProposalFeatures(const MarketBatch& markets, const Features&, const Tensor& noisy_levels,
                          const Tensor& proposal) const override {
    return torch::cat({noisy_levels, proposal}, 1).view({markets.size(), 2 * kChannels, -1}).transpose(1, 2);
  }

  Tensor Reward(const MarketBatch& markets, const Tensor& levels) const override { return Objective(markets, levels); }
  Tensor Objective(const MarketBatch& markets, const Tensor& levels) const override {
    const Tensor curvature = markets.global(kCostCurvature);
    const Tensor low = markets.global(kQualityMin);
    const Tensor high = markets.global(kQualityMax);
    const std::vector<Tensor> channels = levels.chunk(kChannels, 1);
    const Tensor quality = low + (high - low) * (0.5 + 0.5 * channels[0]);
    const Tensor reward = high * (1 + 0.5 * curvature * high) * (0.5 + 0.5 * channels[1]);
    const Tensor cost = quality * (1 + 0.5 * curvature * quality);
    const Tensor value = markets.global(kValueScale) * (markets.global(kValueRate) * quality).log1p();
    const Tensor utility = (markets.probabilities * (value - reward)).sum(1);
    return (utility - penalty_ * Violations(markets, reward, cost)) / PoolingUtility(markets).clamp_min(kUtilityFloor);
  }

  std::unique_ptr<policy::HeldOutMarkets> HeldOut(int count, std::uint64_t seed) const override {
    return std::make_unique<RawHeldOut>(SampleSolvedMarkets(distribution_, count, seed), distribution_.types_max);
  }

 private:
  // IR + IC + budget, [B].
  static Tensor Violations(const MarketBatch& markets, const Tensor& reward, const Tensor& cost) {
    const Tensor utilities = reward.unsqueeze(1) - markets.cost_types.unsqueeze(2) * cost.unsqueeze(1);  // [B, k, j]
    const Tensor own = utilities.diagonal(0, 1, 2);
    const Tensor padding = (markets.mask == 0).unsqueeze(1);
    const Tensor best = utilities.masked_fill(padding, -std::numeric_limits<double>::infinity()).amax(2);
    const Tensor of_types = (markets.probabilities * ((-own).clamp_min(0) + (best - own).clamp_min(0))).sum(1);
    const Tensor pay = (markets.probabilities * reward).sum(1, true);
    const Tensor overspent = (pay - markets.global(kBudget)).clamp_min(0) * markets.global(kHasBudget);
    return of_types + overspent.squeeze(1);
  }

  contract::MarketDistribution distribution_;
  double penalty_;
  std::shared_ptr<const policy::Environment> decoded_;
};

}  // namespace

std::shared_ptr<const policy::Environment> MakeRawEnvironment(const contract::MarketDistribution& distribution,
                                                              double penalty, SeenCosts seen) {
  return std::make_shared<const RawEnvironment>(distribution, penalty, seen);
}

}  // namespace giot::screening
