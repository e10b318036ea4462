#include "models/contract/spec_checks.h"

#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "models/contract/screening_market.h"

namespace giot::contract {
namespace {

constexpr double kProbabilitySumTolerance = 1e-6;

}  // namespace

absl::Status InvalidField(absl::string_view field, double got, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": got ", got, ", want ", wanted));
}

absl::Status CheckPositive(absl::string_view field, double value) {
  if (std::isfinite(value) && value > 0.0) return absl::OkStatus();
  return InvalidField(field, value, "a finite value > 0");
}

absl::Status CheckNotNegative(absl::string_view field, double value) {
  if (std::isfinite(value) && value >= 0.0) return absl::OkStatus();
  return InvalidField(field, value, "a finite value >= 0");
}

absl::Status CheckTypes(absl::Span<const double> cost_types, absl::Span<const double> probabilities) {
  const std::size_t types = cost_types.size();
  if (types < 2 || types > static_cast<std::size_t>(kMaxTypes)) {
    return absl::InvalidArgumentError(absl::StrCat("cost_types: got ", types, " types, want 2 to ", kMaxTypes));
  }
  if (probabilities.size() != types) {
    return absl::InvalidArgumentError(absl::StrCat("probabilities: got ", probabilities.size(),
                                                   " values, want one for each of ", types, " cost_types"));
  }
  double previous = 0.0;
  double sum = 0.0;
  for (std::size_t k = 0; k < types; ++k) {
    const double theta = cost_types[k];
    if (!std::isfinite(theta) || theta <= previous) {
      return InvalidField(absl::StrCat("cost_types[", k, "]"), theta,
                          absl::StrCat("a finite value > ", previous, " (positive, strictly ascending)"));
    }
    const double p = probabilities[k];
    if (!std::isfinite(p) || p <= 0.0 || p > 1.0) {
      return InvalidField(absl::StrCat("probabilities[", k, "]"), p, "a value in (0, 1]");
    }
    previous = theta;
    sum += p;
  }
  if (std::abs(sum - 1.0) > kProbabilitySumTolerance) {
    return InvalidField("probabilities", sum, "a sum of 1 within 1e-6");
  }
  return absl::OkStatus();
}

}  // namespace giot::contract
