#include "trainer/evaluation/plot.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "trainer/evaluation/child_process.h"

namespace giot::trainer {
namespace {

constexpr double kLowestExponent = -8.0;
constexpr double kBinsPerDecade = 4.0;

absl::Status WriteText(const std::filesystem::path& path, const std::string& text) {
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  return stream ? absl::OkStatus() : absl::UnknownError(absl::StrCat("cannot write ", path.string()));
}

absl::Status Draw(const std::filesystem::path& directory, const std::string& name, const std::string& data,
                  const std::string& commands) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot create ", directory.string()));
  if (absl::Status status = WriteText(directory / (name + ".tsv"), data); !status.ok()) return status;
  const std::string script =
      absl::StrCat("set terminal png size 1000,600 noenhanced\nset output '", name, ".png'\nset grid\n", commands);
  if (absl::Status status = WriteText(directory / (name + ".gp"), script); !status.ok()) return status;
  absl::Status status = RunProgram({"gnuplot", name + ".gp"}, directory);
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(status.message(), "; ", name, ".tsv and ", name, ".gp are in ", directory.string()));
}

std::optional<double> Find(const MetricsRow& row, const std::string& name) {
  for (const Scalar& scalar : row.scalars) {
    if (scalar.name == name) return scalar.value;
  }
  return std::nullopt;
}

}  // namespace

absl::Status PlotLearningCurve(const std::vector<MetricsRow>& rows, const std::filesystem::path& directory) {
  std::string data = "# iteration\tmean shortfall %\t1st percentile's shortfall %\n";
  bool any = false;
  for (const MetricsRow& row : rows) {
    const std::optional<double> mean = Find(row, "validation_mean");
    const std::optional<double> p01 = Find(row, "validation_p01");
    if (!mean || !p01) continue;
    any = true;
    absl::StrAppendFormat(&data, "%d\t%.9g\t%.9g\n", row.iteration, 100 * (1 - *mean), 100 * (1 - *p01));
  }
  if (!any) return absl::FailedPreconditionError("the metrics hold no validation");
  return Draw(directory, "learning_curve", data,
              "set xlabel 'iteration'\n"
              "set ylabel 'shortfall from the reference, %'\n"
              "set logscale y\n"
              "plot 'learning_curve.tsv' using 1:2 with linespoints title 'mean', \\\n"
              "     '' using 1:3 with linespoints title '1st percentile'\n");
}

double HistogramBinStart(int bin) { return std::pow(10.0, kLowestExponent + bin / kBinsPerDecade); }

std::vector<double> ShortfallHistogram(absl::Span<const double> ratios) {
  std::vector<double> shares(kHistogramBins, 0.0);
  for (const double ratio : ratios) {
    const double shortfall = std::max(1.0 - ratio, HistogramBinStart(0));
    const double position = (std::log10(shortfall) - kLowestExponent) * kBinsPerDecade;
    const int bin = std::clamp(static_cast<int>(std::floor(position)), 0, kHistogramBins - 1);
    shares[static_cast<std::size_t>(bin)] += 1.0 / static_cast<double>(ratios.size());
  }
  return shares;
}

absl::Status PlotRatioHistogram(const std::vector<RatioSeries>& methods, const std::string& reference,
                                const std::filesystem::path& directory) {
  std::string data = "# shortfall % from";
  std::string plots;
  std::vector<std::vector<double>> columns;
  for (const RatioSeries& method : methods) {
    columns.push_back(ShortfallHistogram(method.ratios));
    absl::StrAppend(&data, "\t", method.name, " %");
    absl::StrAppendFormat(&plots, "%s'ratio_histogram.tsv' using 1:%d with steps linewidth 2 title '%s'",
                          plots.empty() ? "plot " : ", ", columns.size() + 1, method.name);
  }
  for (int bin = 0; bin < kHistogramBins; ++bin) {
    absl::StrAppendFormat(&data, "\n%.6g", 100 * HistogramBinStart(bin));
    for (const auto& column : columns)
      absl::StrAppendFormat(&data, "\t%.6g", 100 * column[static_cast<std::size_t>(bin)]);
  }
  return Draw(directory, "ratio_histogram", data + "\n",
              absl::StrCat("set xlabel 'shortfall from ", reference,
                           ", %'\nset ylabel 'share of markets, %'\n"
                           "set logscale x\nset format x '%g'\nset key top left\n",
                           plots, "\n"));
}

}  // namespace giot::trainer
