#pragma once

namespace giot::uncertain {

// V(S) = log_value ln(1 + value_rate S) + threshold_value sigmoid((S - threshold) inverse_width)
struct CoverageCurve {
  double value_rate;
  double log_value;
  double threshold_value;
  double threshold;
  double inverse_width;
};

// The mean over kScenarios scenarios of V(sum_k weights_{k,s} delivered_k). `weights`
// are Scenarios::Weights(0).data(); `delivered` [types], >= 0. Unless null, `gradient` [types]
// becomes the derivatives with respect to `delivered`. No heap.
using CoverageKernel = double(const CoverageCurve& curve, const double* weights, const double* delivered, int types,
                              double* gradient);

// Baseline instructions, and the most that this CPU has of those compiled for.
CoverageKernel MeanCoverageValuePlain;
CoverageKernel MeanCoverageValue;

}  // namespace giot::uncertain
