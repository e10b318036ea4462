#include "trainer/evaluation/plot.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

namespace giot::trainer {
namespace {

std::filesystem::path EmptyFolder(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::remove_all(folder);
  return folder;
}

std::string FirstBytes(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string bytes(8, '\0');
  stream.read(bytes.data(), 8);
  return bytes;
}

const std::vector<MetricsRow> kRows = {{100, {{"loss", -1.0}}},
                                       {200, {{"validation_mean", 0.9}, {"validation_p01", 0.5}}},
                                       {300, {{"validation_mean", 0.99}, {"validation_p01", 0.9}}}};

// A search path on which there is no program, for the time of a test.
class EmptyPath {
 public:
  EmptyPath() : before_(std::getenv("PATH")) { setenv("PATH", "/nonexistent", 1); }
  ~EmptyPath() { setenv("PATH", before_.c_str(), 1); }

 private:
  const std::string before_;
};

TEST(ShortfallHistogram, SharesAddUpToOne) {
  const std::vector<double> shares = ShortfallHistogram({1.0, 0.999, 0.9, -3.0, 1.0 + 1e-12});
  ASSERT_EQ(shares.size(), static_cast<std::size_t>(kHistogramBins));
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1.0, 1e-12);
}

TEST(ShortfallHistogram, PutsARatioIntoTheBinOfItsShortfall) {
  const std::vector<double> shares = ShortfallHistogram({1.0 - 2e-3});
  int bin = 0;
  while (bin + 1 < kHistogramBins && HistogramBinStart(bin + 1) <= 2e-3) ++bin;
  EXPECT_EQ(shares[static_cast<std::size_t>(bin)], 1.0);
}

TEST(Plot, DrawsALearningCurve) {
  const std::filesystem::path folder = EmptyFolder("plot_curve");
  const absl::Status status = PlotLearningCurve(kRows, folder);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(FirstBytes(folder / "learning_curve.png"), "\x89PNG\r\n\x1a\n");
}

TEST(Plot, DrawsAHistogram) {
  const std::filesystem::path folder = EmptyFolder("plot_histogram");
  const absl::Status status = PlotRatioHistogram(
      {{"policy", std::vector<double>(10, 0.99)}, {"pooling", std::vector<double>(10, 0.9)}}, "the optimum", folder);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(FirstBytes(folder / "ratio_histogram.png"), "\x89PNG\r\n\x1a\n");
}

TEST(Plot, LeavesDataAndScriptWhereThereIsNoGnuplot) {
  const std::filesystem::path folder = EmptyFolder("plot_without_gnuplot");
  const EmptyPath path;
  EXPECT_EQ(PlotLearningCurve(kRows, folder).code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(std::filesystem::exists(folder / "learning_curve.tsv"));
  EXPECT_TRUE(std::filesystem::exists(folder / "learning_curve.gp"));
}

TEST(Plot, NeedsAValidationForALearningCurve) {
  EXPECT_EQ(PlotLearningCurve({{100, {{"loss", -1.0}}}}, EmptyFolder("plot_nothing")).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace giot::trainer
