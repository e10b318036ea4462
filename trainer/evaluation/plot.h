#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "trainer/logging/metrics_log.h"

namespace giot::trainer {

// Both write <name>.tsv, <name>.gp and, by the gnuplot found on PATH, <name>.png
// into `directory`, created if missing. Unavailable if there is no gnuplot, Internal if it fails:
// data and script are then there all the same.

// learning_curve: the validation's shortfall from its reference (the optimum, or an upper bound) over
// iterations.
// FailedPrecondition if no row has a validation.
absl::Status PlotLearningCurve(const std::vector<MetricsRow>& rows, const std::filesystem::path& directory);

// The ratios of one method, market by market.
struct RatioSeries {
  std::string name;
  std::vector<double> ratios;
};

// ratio_histogram: the distribution of the shortfall from `reference`, "the optimum" say, by method.
absl::Status PlotRatioHistogram(const std::vector<RatioSeries>& methods, const std::string& reference,
                                const std::filesystem::path& directory);

// Shares of `ratios` in the bins of the histogram: bin i holds shortfalls
// 1 - ratio in [10^(-8 + i/4), 10^(-8 + (i+1)/4)), the first and last also what
// lies beyond them.
inline constexpr int kHistogramBins = 34;
double HistogramBinStart(int bin);
std::vector<double> ShortfallHistogram(absl::Span<const double> ratios);

}  // namespace giot::trainer
