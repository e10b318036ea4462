#include <algorithm>

#include "absl/strings/str_cat.h"
#include "models/bundle/manifest.h"

namespace giot::bundle {
namespace {

class RangeCheck {
 public:
  void Within(absl::string_view field, double value, const Range& range) {
    if (outside_ || (value >= range.min && value <= range.max)) return;
    outside_ = absl::StrCat(field, ": got ", value, ", want a value in [", range.min, ", ", range.max, "]");
  }
  void AtLeast(absl::string_view field, double value, double min) {
    if (outside_ || value >= min) return;
    outside_ = absl::StrCat(field, ": got ", value, ", want a value >= ", min);
  }
  const std::optional<std::string>& outside() const { return outside_; }

 private:
  std::optional<std::string> outside_;
};

double LeastSpacing(absl::Span<const double> types) {
  double least = types.back();
  for (std::size_t k = 1; k < types.size(); ++k) least = std::min(least, types[k] - types[k - 1]);
  return least;
}

}  // namespace

std::optional<std::string> OutsideRanges(const MarketRanges& ranges, const contract::ScreeningMarket& market) {
  const contract::ScreeningMarket normal = market.Normalized();
  const absl::Span<const double> p = normal.probabilities();
  RangeCheck check;
  check.Within("types", normal.types(), ranges.types);
  check.Within("first_type", normal.cost_types().front(), ranges.first_type);
  check.Within("value_scale", normal.value_scale(), ranges.value_scale);
  check.Within("value_rate", normal.value_rate(), ranges.value_rate);
  check.Within("cost_curvature", normal.cost_curvature(), ranges.cost_curvature);
  check.Within("quality_min", normal.quality_min(), ranges.quality_min);
  check.Within("quality_max", normal.quality_max(), ranges.quality_max);
  const std::optional<double> budget = normal.budget_per_vehicle();
  if (budget && *budget < normal.Cost(normal.quality_max())) {
    check.Within("budget_quality", normal.QualityAtCost(*budget) / normal.quality_min(), ranges.budget_quality);
  }
  check.AtLeast("probability_min", *std::min_element(p.begin(), p.end()), ranges.probability_min);
  check.AtLeast("spacing_min", LeastSpacing(normal.cost_types()), ranges.spacing_min);
  return check.outside();
}

}  // namespace giot::bundle
