#pragma once

#include <cmath>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "models/policy/environment.h"

namespace giot::trainer {

// A problem whose optimum is plain: two or three types, each with cost c in [0, 1], and a
// market number g in [0, 1]; two channels, whose best levels are f = .6 (2 c - 1) + .3 g
// and -f. Reward and objective: 1 - mean over real levels of (level - best)^2; the
// best reward, and so the reference, is 1.
class TargetEnvironment : public policy::Environment {
 public:
  std::string name() const override { return "target"; }
  policy::PolicyShape shape() const override { return {3, 1, 2, 1, 4, 2}; }
  std::vector<double> Settings() const override { return {}; }

  policy::MarketBatch Generate(std::int64_t count, torch::Device device) const override {
    const auto options = torch::TensorOptions(device).dtype(torch::kFloat32);
    const torch::Tensor third = (torch::rand({count, 1}, options) < 0.5).to(torch::kFloat32);
    const torch::Tensor mask = torch::cat({torch::ones({count, 2}, options), third}, 1);
    return {torch::rand({count, 3}, options), mask / mask.sum(1, true), mask, torch::rand({count, 1}, options)};
  }

  policy::Features Observe(const policy::MarketBatch& markets) const override {
    const torch::Tensor types = torch::stack({markets.cost_types, markets.mask}, 2) * markets.mask.unsqueeze(2);
    return {types, markets.globals, {}};
  }
  torch::Tensor ProposalFeatures(const policy::MarketBatch& markets, const policy::Features&,
                                 const torch::Tensor& noisy_levels, const torch::Tensor& proposal) const override {
    return torch::cat({noisy_levels, proposal}, 1).view({markets.size(), 4, -1}).transpose(1, 2);
  }

  // The best levels, [B, 2 x 3].
  static torch::Tensor Best(const policy::MarketBatch& markets) {
    const torch::Tensor f = (0.6 * (2 * markets.cost_types - 1) + 0.3 * markets.global(0)) * markets.mask;
    return torch::cat({f, -f}, 1);
  }

  torch::Tensor Reward(const policy::MarketBatch& markets, const torch::Tensor& levels) const override {
    const torch::Tensor mask = markets.mask.repeat({1, 2});
    return 1 - ((levels - Best(markets)).square() * mask).sum(1) / mask.sum(1);
  }
  torch::Tensor Objective(const policy::MarketBatch& markets, const torch::Tensor& levels) const override {
    return Reward(markets, levels);
  }

  std::unique_ptr<policy::HeldOutMarkets> HeldOut(int count, std::uint64_t seed) const override {
    torch::manual_seed(seed);
    return std::make_unique<HeldOutTargets>(Generate(count, torch::kCPU));
  }

 private:
  class HeldOutTargets : public policy::HeldOutMarkets {
   public:
    explicit HeldOutTargets(policy::MarketBatch batch)
        : batch_(std::move(batch)), best_(Best(batch_)), mask_(batch_.mask.repeat({1, 2})) {}
    const policy::MarketBatch& batch() const override { return batch_; }
    double Reference(std::int64_t) const override { return 1.0; }
    policy::Judgement Judge(std::int64_t market, absl::Span<const double> levels) const override {
      double squares = 0.0;
      double count = 0.0;
      for (std::size_t i = 0; i < levels.size(); ++i) {
        const auto column = static_cast<std::int64_t>(i);
        const double missed = levels[i] - best_[market][column].item<double>();
        squares += mask_[market][column].item<double>() * missed * missed;
        count += mask_[market][column].item<double>();
      }
      return {1 - squares / count, true};
    }

   private:
    policy::MarketBatch batch_;
    torch::Tensor best_;
    torch::Tensor mask_;
  };
};

}  // namespace giot::trainer
