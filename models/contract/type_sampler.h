#pragma once

#include "absl/random/bit_gen_ref.h"
#include "absl/types/span.h"

namespace giot::contract {

// The vehicle types of random markets, alike in every family.

// Ascending cost types from `first` to `last`, interior spacings (Exp + .15)
// normalised. At least 2.
void SampleCostTypes(double first, double last, absl::Span<double> cost_types, absl::BitGenRef random);

// Gamma(1.5) + .08, normalised.
void SampleProbabilities(absl::Span<double> probabilities, absl::BitGenRef random);

}  // namespace giot::contract
