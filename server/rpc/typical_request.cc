#include "server/rpc/typical_request.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace giot::rpc {
namespace {

// By the names of traits, in normalised money.
class Ranges {
 public:
  explicit Ranges(const bundle::MarketRanges& ranges) : ranges_(ranges) {}

  // 0 without a range: the model then takes no market at all.
  double Middle(const std::string& trait) const {
    const auto found = ranges_.of.find(trait);
    return found == ranges_.of.end() ? 0.0 : 0.5 * (found->second.min + found->second.max);
  }
  double Largest(const std::string& trait) const {
    const auto found = ranges_.of.find(trait);
    return found == ranges_.of.end() ? 0.0 : found->second.max;
  }
  int Types() const { return std::max(2, static_cast<int>(Middle("types"))); }

 private:
  const bundle::MarketRanges& ranges_;
};

// Step `k` of `steps` from `first` to `last`.
double Rung(double first, double last, int k, int steps) { return first + (last - first) * k / std::max(1, steps - 1); }

void Fill(const Ranges& ranges, v1::ScreeningMarket& market) {
  for (int k = 0; k < ranges.Types(); ++k) {
    market.add_cost_types(Rung(ranges.Middle("first_type"), 1.0, k, ranges.Types()));
    market.add_probabilities(1.0 / ranges.Types());
  }
  market.set_value_scale(ranges.Middle("value_scale"));
  market.set_value_rate(ranges.Middle("value_rate"));
  market.set_cost_curvature(ranges.Middle("cost_curvature"));
  market.set_quality_min(ranges.Middle("quality_min"));
  market.set_quality_max(ranges.Largest("quality_max"));
}

void Fill(const Ranges& ranges, v1::UncertainMarket& market) {
  for (int k = 0; k < ranges.Types(); ++k) {
    market.add_cost_types(Rung(ranges.Middle("first_type"), 1.0, k, ranges.Types()));
    market.add_probabilities(1.0 / ranges.Types());
  }
  market.set_value_rate(ranges.Middle("value_rate"));
  market.set_cost_curvature(ranges.Middle("cost_curvature"));
  market.set_vehicles(static_cast<std::int64_t>(ranges.Middle("vehicles")));
  market.set_coverage_value(ranges.Middle("coverage_value"));
  market.set_threshold_value(ranges.Middle("threshold_value"));
  market.set_threshold(ranges.Middle("threshold"));
  market.set_threshold_width(ranges.Middle("threshold_width"));
  market.set_outside_option(ranges.Middle("outside_option"));
  market.set_participation_noise(ranges.Middle("participation_noise"));
}

// Row by row, every pair of a ladder of sensing costs and one of update costs.
void Fill(const Ranges& ranges, v1::FreshnessMarket& market) {
  const int types = ranges.Types();
  const int columns = static_cast<int>(std::ceil(std::sqrt(types)));
  const int rows = (types + columns - 1) / columns;
  for (int t = 0; t < types; ++t) {
    market.add_sensing_costs(Rung(ranges.Middle("first_sensing"), 1.0, t / columns, rows));
    market.add_update_costs(Rung(ranges.Middle("first_update"), ranges.Middle("last_update"), t % columns, columns));
    market.add_probabilities(1.0 / types);
  }
  market.set_value_scale(ranges.Middle("value_scale"));
  market.set_value_rate(ranges.Middle("value_rate"));
  market.set_staleness_rate(ranges.Middle("staleness_rate"));
}

}  // namespace

v1::GenerateContractRequest TypicalRequest(const bundle::Manifest& manifest) {
  const Ranges ranges(manifest.ranges);
  v1::GenerateContractRequest request;
  request.set_model_name(manifest.name);
  request.set_model_version(manifest.version);
  switch (manifest.family) {
    case bundle::Family::kScreening:
      Fill(ranges, *request.mutable_screening());
      break;
    case bundle::Family::kUncertain:
      Fill(ranges, *request.mutable_uncertain());
      break;
    case bundle::Family::kFreshness:
      Fill(ranges, *request.mutable_freshness());
      break;
  }
  return request;
}

}  // namespace giot::rpc
