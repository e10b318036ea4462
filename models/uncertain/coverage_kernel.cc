#include "models/uncertain/coverage_kernel.h"

#include <algorithm>

#include "models/uncertain/scenarios.h"
#include "models/uncertain/vector_math.h"

namespace giot::uncertain {
namespace {

// Rows of weights that go through a loop together: enough independent sums to hide
// the latency of an addition.
constexpr int kTogether = 4;

struct FourRows {
  const double* row[kTogether];
};

// Rows first..first + 3, the last one again where there are fewer.
[[gnu::always_inline]] inline FourRows RowsFrom(const double* weights, int first, int types) {
  FourRows rows;
  for (int i = 0; i < kTogether; ++i) rows.row[i] = weights + std::min(first + i, types - 1) * kScenarioStride;
  return rows;
}

[[gnu::always_inline]] inline void SumCoverage(const double* weights, const double* delivered, int types,
                                               double* coverage) {
  for (int s = 0; s < kScenarios; ++s) coverage[s] = 0.0;
  for (int k = 0; k < types; k += kTogether) {
    const FourRows rows = RowsFrom(weights, k, types);
    const double q0 = delivered[k];
    const double q1 = k + 1 < types ? delivered[k + 1] : 0.0;
    const double q2 = k + 2 < types ? delivered[k + 2] : 0.0;
    const double q3 = k + 3 < types ? delivered[k + 3] : 0.0;
#pragma omp simd
    for (int s = 0; s < kScenarios; ++s) {
      coverage[s] += (rows.row[0][s] * q0 + rows.row[1][s] * q1) + (rows.row[2][s] * q2 + rows.row[3][s] * q3);
    }
  }
}

// Replaces each coverage S by V'(S) and returns the mean of V(S).
[[gnu::always_inline]] inline double MeanValue(const CoverageCurve& curve, double* coverage) {
  const double log_slope = curve.log_value * curve.value_rate;
  const double threshold_slope = curve.threshold_value * curve.inverse_width;
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (int s = 0; s < kScenarios; ++s) {
    const double scaled = curve.value_rate * coverage[s];
    const double inverse = 1.0 / (1.0 + scaled);
    const double below = VectorExp((curve.threshold - coverage[s]) * curve.inverse_width);
    const double sigmoid = 1.0 / (1.0 + below);
    sum += curve.log_value * VectorLog1p(scaled, inverse) + curve.threshold_value * sigmoid;
    coverage[s] = log_slope * inverse + threshold_slope * ((below * sigmoid) * sigmoid);
  }
  return sum / kScenarios;
}

[[gnu::always_inline]] inline void MeanSlopes(const double* weights, const double* slopes, int types,
                                              double* gradient) {
  for (int k = 0; k < types; k += kTogether) {
    const FourRows rows = RowsFrom(weights, k, types);
    double sum0 = 0.0;
    double sum1 = 0.0;
    double sum2 = 0.0;
    double sum3 = 0.0;
#pragma omp simd reduction(+ : sum0, sum1, sum2, sum3)
    for (int s = 0; s < kScenarios; ++s) {
      sum0 += rows.row[0][s] * slopes[s];
      sum1 += rows.row[1][s] * slopes[s];
      sum2 += rows.row[2][s] * slopes[s];
      sum3 += rows.row[3][s] * slopes[s];
    }
    const double sums[kTogether] = {sum0, sum1, sum2, sum3};
    for (int i = 0; i < kTogether && k + i < types; ++i) gradient[k + i] = sums[i] / kScenarios;
  }
}

[[gnu::always_inline]] inline double Evaluate(const CoverageCurve& curve, const double* weights,
                                              const double* delivered, int types, double* gradient) {
  alignas(64) double coverage[kScenarios];
  SumCoverage(weights, delivered, types, coverage);
  const double value = MeanValue(curve, coverage);
  if (gradient != nullptr) MeanSlopes(weights, coverage, types, gradient);
  return value;
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] double MeanCoverageValueAvx2(const CoverageCurve& curve, const double* weights,
                                                         const double* delivered, int types, double* gradient) {
  return Evaluate(curve, weights, delivered, types, gradient);
}
#endif

CoverageKernel* Fastest() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &MeanCoverageValueAvx2;
#endif
  return &MeanCoverageValuePlain;
}

}  // namespace

double MeanCoverageValuePlain(const CoverageCurve& curve, const double* weights, const double* delivered, int types,
                              double* gradient) {
  return Evaluate(curve, weights, delivered, types, gradient);
}

double MeanCoverageValue(const CoverageCurve& curve, const double* weights, const double* delivered, int types,
                         double* gradient) {
  static CoverageKernel* const kFastest = Fastest();
  return kFastest(curve, weights, delivered, types, gradient);
}

}  // namespace giot::uncertain
