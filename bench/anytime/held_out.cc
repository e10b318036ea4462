#include "bench/anytime/held_out.h"

#include <cstdlib>
#include <random>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "models/freshness/feasible_decode.h"
#include "models/freshness/freshness_market.h"
#include "models/freshness/market_sampler.h"
#include "models/freshness/menu_objective.h"
#include "models/freshness/pack.h"
#include "models/freshness/upper_bound.h"
#include "models/uncertain/market_sampler.h"
#include "models/uncertain/menu_objective.h"
#include "models/uncertain/pack.h"
#include "models/uncertain/scenarios.h"
#include "models/uncertain/uncertain_market.h"
#include "models/uncertain/upper_bound.h"

namespace giot::bench {
namespace {

// Of the markets: not those of training, of a release or of a test.
constexpr std::uint64_t kUncertainSeed = 20'250'801;
constexpr std::uint64_t kFreshnessSeed = 20'250'802;

// FNV-1a of numbers as they are written.
class Checksum {
 public:
  Checksum& Add(double number) {
    for (const char c : absl::StrFormat("%.9g;", number)) {
      hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    return *this;
  }
  Checksum& Add(absl::Span<const double> numbers) {
    for (const double number : numbers) Add(number);
    return *this;
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

class UncertainHeldOut : public HeldOutMarket {
 public:
  explicit UncertainHeldOut(const uncertain::UncertainMarket& market)
      : market_(market),
        scenarios_(market_),
        objective_(market_, scenarios_),
        upper_bound_(uncertain::UtilityUpperBound(market_, scenarios_)) {}

  std::uint64_t checksum() const override {
    Checksum sum;
    sum.Add(market_.cost_types()).Add(market_.probabilities()).Add(market_.value_rate()).Add(market_.cost_curvature());
    sum.Add(static_cast<double>(market_.vehicles())).Add(market_.coverage_value()).Add(market_.threshold_value());
    sum.Add(market_.threshold()).Add(market_.threshold_width()).Add(market_.outside_option());
    return sum.Add(market_.participation_noise()).value();
  }
  double upper_bound() const override { return upper_bound_; }
  search::Objective& objective() override { return objective_; }
  contract::PackedMarket Pack() const override { return uncertain::Pack(market_); }

 private:
  const uncertain::UncertainMarket market_;
  const uncertain::Scenarios scenarios_;
  uncertain::MenuObjective objective_;
  const double upper_bound_;
};

class FreshnessHeldOut : public HeldOutMarket {
 public:
  explicit FreshnessHeldOut(const freshness::FreshnessMarket& market)
      : market_(market), objective_(market_), item_objective_(market_) {}

  std::uint64_t checksum() const override {
    Checksum sum;
    sum.Add(market_.sensing_costs()).Add(market_.update_costs()).Add(market_.probabilities());
    return sum.Add(market_.value_scale()).Add(market_.value_rate()).Add(market_.staleness_rate()).value();
  }
  double upper_bound() const override { return freshness::FirstBestUtility(market_); }
  search::Objective& objective() override { return objective_; }
  search::Objective* item_objective() override { return &item_objective_; }

  std::vector<double> ItemLevels(absl::Span<const double> levels) const override {
    const freshness::Menu menu = freshness::DecodeLevels(market_, levels).menu;
    constexpr auto kItems = static_cast<std::size_t>(freshness::kMaxItems);
    std::vector<double> item_levels(freshness::kLevelChannels * kItems, -1.0);
    for (int j = 0; j < menu.size(); ++j) {
      const auto item = static_cast<std::size_t>(j);
      item_levels[item] = 2.0 * menu[j].quality - 1.0;
      item_levels[kItems + item] = 2.0 * menu[j].update_rate - 1.0;
      item_levels[2 * kItems + item] = 2.0 * menu[j].reward / market_.money_scale() - 1.0;
    }
    return item_levels;
  }
  contract::PackedMarket Pack() const override { return freshness::Pack(market_); }

 private:
  const freshness::FreshnessMarket market_;
  freshness::MenuObjective objective_;
  freshness::ItemObjective item_objective_;
};

template <typename Market, typename Sample>
std::vector<std::unique_ptr<HeldOutMarket>> Draw(std::uint64_t seed, std::size_t count, Sample sample) {
  std::mt19937_64 random(seed);
  std::vector<std::unique_ptr<HeldOutMarket>> markets;
  while (markets.size() < count) {
    auto market = std::make_unique<Market>(sample(random));
    if (market->upper_bound() > 0.0) markets.push_back(std::move(market));
  }
  return markets;
}

}  // namespace

std::vector<double> HeldOutMarket::ItemLevels(absl::Span<const double> /*levels*/) const { std::abort(); }

absl::StatusOr<std::vector<std::unique_ptr<HeldOutMarket>>> HeldOutMarkets(const std::string& family,
                                                                           std::size_t count) {
  if (family == "uncertain") {
    return Draw<UncertainHeldOut>(kUncertainSeed, count,
                                  [](auto& random) { return uncertain::SampleMarket({}, random); });
  }
  if (family == "freshness") {
    return Draw<FreshnessHeldOut>(kFreshnessSeed, count,
                                  [](auto& random) { return freshness::SampleMarket({}, random); });
  }
  return absl::InvalidArgumentError(absl::StrCat("family: got '", family, "', want uncertain or freshness"));
}

}  // namespace giot::bench
