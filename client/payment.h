#pragma once

#include <cstdint>

#include "giot/v1/sensing_quality.pb.h"

namespace giot::client {

// What is announced with a task about paying for deliveries; all in [0, 1].
struct PaymentTerms {
  // By so much the lower bound of a score may lie below what was agreed.
  double delta = 0.0;
  // Of delta, what makes up for the model's margin, by which lower bounds lie below scores.
  double margin = 0.0;

  // By so much the score itself may: an allowance for the patches that the server's nonce picks. Negative where
  // delta makes up for less than the margin.
  double Allowance() const { return delta - margin; }
};

// The rule by which deliveries are paid, compared in the contract's 1e-6: the lower bound and delta reach what was
// agreed, and so do the score, which is not 0, and the allowance where that is positive. The second condition says
// more than the first where the lower bound is cut off at 0 or the delivery is old: without it anything at all would be
// paid for whoever agreed on less than delta.
bool IsPaid(const v1::SensingQualityScore& score, const PaymentTerms& terms, std::int64_t agreed_micros);

}  // namespace giot::client
