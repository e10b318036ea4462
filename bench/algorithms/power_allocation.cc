#include "bench/algorithms/power_allocation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>
#include <utility>
#include <vector>

namespace giot::bench {
namespace {

using policy::Features;
using policy::MarketBatch;
using torch::Tensor;

constexpr int kStrongChannels = 5;
constexpr int kChannels = 10;
constexpr double kPower = 3.0;
// Of a channel that all levels switch off: a sum of shares is never 0.
constexpr double kLeastShare = 1e-6;

double Spent(absl::Span<const double> gains, double water_level) {
  double sum = 0.0;
  for (const double gain : gains) sum += gain > 0.0 ? std::max(0.0, water_level - 1 / gain) : 0.0;
  return sum;
}

double Rate(absl::Span<const double> gains, absl::Span<const double> powers) {
  double rate = 0.0;
  for (std::size_t i = 0; i < gains.size(); ++i) rate += std::log2(1 + gains[i] * powers[i]);
  return rate;
}

// The gains are the globals. In the layout of types, mask and probabilities make every
// channel a type of the same weight.
MarketBatch PackGains(const Tensor& gains, PowerLayout layout) {
  const Tensor types =
      layout == PowerLayout::kTypes ? torch::ones_like(gains) : torch::ones_like(gains.narrow(1, 0, 1));
  return {types, types / types.size(1), types, gains};
}

class HeldOutGains : public policy::HeldOutMarkets {
 public:
  HeldOutGains(std::vector<std::vector<double>> gains, PowerLayout layout) : gains_(std::move(gains)) {
    const Tensor packed = torch::empty({static_cast<std::int64_t>(gains_.size()), kChannels}, torch::kFloat64);
    for (std::size_t i = 0; i < gains_.size(); ++i) {
      std::copy(gains_[i].begin(), gains_[i].end(), packed.data_ptr<double>() + i * kChannels);
    }
    batch_ = PackGains(packed.to(torch::kFloat32), layout);
  }

  const MarketBatch& batch() const override { return batch_; }
  double Reference(std::int64_t market) const override {
    return WaterFillingRate(gains_[static_cast<std::size_t>(market)], kPower);
  }
  policy::Judgement Judge(std::int64_t market, absl::Span<const double> levels) const override {
    std::vector<double> powers;
    double sum = 0.0;
    for (const double level : levels) {
      powers.push_back(0.5 + 0.5 * level + kLeastShare);
      sum += powers.back();
    }
    for (double& power : powers) power *= kPower / sum;
    return {Rate(gains_[static_cast<std::size_t>(market)], powers), true};
  }

 private:
  std::vector<std::vector<double>> gains_;
  MarketBatch batch_;
};

class PowerAllocation : public policy::Environment {
 public:
  explicit PowerAllocation(PowerLayout layout) : layout_(layout) {}

  std::string name() const override { return layout_ == PowerLayout::kTypes ? "power_types" : "power_vector"; }
  policy::PolicyShape shape() const override {
    if (layout_ == PowerLayout::kTypes) return {kChannels, kChannels, 2, 1, 2, 1};
    return {1, kChannels, kChannels, 1, 2 * kChannels, kChannels};
  }
  std::vector<double> Settings() const override { return {static_cast<double>(layout_)}; }

  MarketBatch Generate(std::int64_t count, torch::Device device) const override {
    const Tensor uniform = torch::rand({count, kChannels}, torch::TensorOptions(device).dtype(torch::kFloat32));
    const Tensor strong = uniform.narrow(1, 0, kStrongChannels) + 1;
    return PackGains(torch::cat({strong, uniform.narrow(1, kStrongChannels, kChannels - kStrongChannels)}, 1), layout_);
  }

  Features Observe(const MarketBatch& markets) const override {
    const Tensor& gains = markets.globals;
    const Tensor mean = gains.mean(1, true);
    if (layout_ == PowerLayout::kVector) return {gains.unsqueeze(1), mean, {}};
    return {torch::stack({gains, (gains + 0.1).log()}, 2), mean, {}};
  }
  Tensor ProposalFeatures(const MarketBatch&, const Features&, const Tensor& noisy_levels,
                          const Tensor& proposal) const override {
    if (layout_ == PowerLayout::kVector) return torch::cat({noisy_levels, proposal}, 1).unsqueeze(1);
    return torch::stack({noisy_levels, proposal}, 2);
  }

  Tensor Reward(const MarketBatch& markets, const Tensor& levels) const override { return Objective(markets, levels); }
  Tensor Objective(const MarketBatch& markets, const Tensor& levels) const override {
    const Tensor weights = 0.5 + 0.5 * levels + kLeastShare;
    const Tensor equal = torch::full_like(weights, kPower / kChannels);
    return SumRate(markets, kPower * weights / weights.sum(1, true)) / SumRate(markets, equal);
  }

  std::unique_ptr<policy::HeldOutMarkets> HeldOut(int count, std::uint64_t seed) const override {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    std::vector<std::vector<double>> states(static_cast<std::size_t>(count), std::vector<double>(kChannels));
    for (std::vector<double>& gains : states) {
      for (int i = 0; i < kChannels; ++i) {
        gains[static_cast<std::size_t>(i)] = uniform(random) + (i < kStrongChannels ? 1.0 : 0.0);
      }
    }
    return std::make_unique<HeldOutGains>(std::move(states), layout_);
  }

 private:
  static Tensor SumRate(const MarketBatch& markets, const Tensor& powers) {
    return (markets.globals * powers).log1p().sum(1) / std::numbers::ln2;
  }

  PowerLayout layout_;
};

}  // namespace

double WaterFillingRate(absl::Span<const double> gains, double power) {
  double low = 0.0;
  double high = power;
  while (Spent(gains, high) < power) high *= 2;
  // As fine as double precision goes.
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (Spent(gains, middle) < power ? low : high) = middle;
  }
  std::vector<double> powers;
  for (const double gain : gains) powers.push_back(gain > 0.0 ? std::max(0.0, high - 1 / gain) : 0.0);
  return Rate(gains, powers);
}

std::shared_ptr<const policy::Environment> MakePowerAllocation(PowerLayout layout) {
  return std::make_shared<const PowerAllocation>(layout);
}

}  // namespace giot::bench
