#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace giot::contract {

// What validates the specifications of markets: every error is InvalidArgument
// naming the field, what it got and what it wanted.

absl::Status InvalidField(absl::string_view field, double got, absl::string_view wanted);

// Finite and > 0.
absl::Status CheckPositive(absl::string_view field, double value);
// Finite and >= 0.
absl::Status CheckNotNegative(absl::string_view field, double value);

// Cost types: 2..kMaxTypes of them, finite, positive and strictly ascending.
// Probabilities: one for each, in (0, 1], summing to 1 within 1e-6.
absl::Status CheckTypes(absl::Span<const double> cost_types, absl::Span<const double> probabilities);

}  // namespace giot::contract
