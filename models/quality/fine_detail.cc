#include "models/quality/fine_detail.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "models/quality/block_noise.h"
#include "models/quality/detail_kernel.h"

namespace giot::quality {
namespace {

using ByPhase = std::array<std::uint64_t, 8>;

// Sorts sums over `count` pixels each, the first at `begin` of the image, by place modulo 8.
void AddSteps(const std::vector<std::uint32_t>& steps, int begin, std::size_t count, ByPhase& sums, ByPhase& counts) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::size_t phase = (static_cast<std::size_t>(begin) + i) % 8;
    sums[phase] += steps[i];
    counts[phase] += count;
  }
}

std::uint64_t Total(const ByPhase& sums) { return std::accumulate(sums.begin(), sums.end(), std::uint64_t{0}); }

// How far the strongest of eight phases stands above the other seven, as a logarithm: 0 without
// blocks. Any phase, as an image may have been cropped after compression.
double Blockiness(const std::array<std::uint64_t, 8>& steps, const std::array<std::uint64_t, 8>& counts) {
  double strongest = 0.0;
  double sum = 0.0;
  for (std::size_t phase = 0; phase < steps.size(); ++phase) {
    const double count = std::max(1.0, static_cast<double>(counts[phase]));
    const double mean = static_cast<double>(steps[phase]) / count;
    strongest = std::max(strongest, mean);
    sum += mean;
  }
  constexpr double kQuiet = 0.1;
  return std::log((strongest + kQuiet) / ((sum - strongest) / 7.0 + kQuiet));
}

double LogRatio(double numerator, double denominator) {
  constexpr double kQuiet = 0.05;
  return std::log((numerator + kQuiet) / (denominator + kQuiet));
}

}  // namespace

void FineDetail::Add(const cv::Mat& grey_patch, int left, int top) {
  const DetailSums sums = SumDetail(grey_patch);
  laplacian_.Add(sums.laplacian);
  laplacian_sum_ += std::accumulate(sums.laplacian.begin(), sums.laplacian.end(), std::uint32_t{0});
  inner_pixels_ += sums.laplacian.size();
  for (std::size_t i = 0; i < curvature_.size(); ++i) curvature_[i] += sums.curvature[i];
  curvature_pixels_ += sums.curvature_pixels;
  impulses_ += sums.impulses;
  AddSteps(sums.column_steps, left, sums.row_steps.size(), column_steps_, column_counts_);
  AddSteps(sums.row_steps, top, sums.column_steps.size(), row_steps_, row_counts_);
  equal_neighbours_ += sums.equal_neighbours;
  AppendBlockNoise(grey_patch, noise_);
}

double FineDetail::Energy() const {
  return static_cast<double>(laplacian_sum_) / static_cast<double>(std::max<std::uint64_t>(1, inner_pixels_));
}

double FineDetail::Noise() const {
  std::vector<float> noise = noise_;
  return PercentileOf(noise, 0.1);
}

std::array<float, kFineDetails> FineDetail::Values() const {
  const double pixels = static_cast<double>(std::max<std::uint64_t>(1, curvature_pixels_));
  std::array<double, 4> curvature;
  for (std::size_t i = 0; i < curvature.size(); ++i) curvature[i] = static_cast<double>(curvature_[i]) / pixels;
  const auto [least, most] = std::minmax_element(curvature.begin(), curvature.end());
  const double steps = static_cast<double>(Total(column_steps_) + Total(row_steps_)) /
                       static_cast<double>(std::max<std::uint64_t>(1, Total(column_counts_) + Total(row_counts_)));
  std::vector<float> noise = noise_;

  std::size_t next = 0;
  std::array<float, kFineDetails> values;
  const auto put = [&](double value) { values[next++] = static_cast<float>(value); };
  for (const double share : {0.25, 0.5, 0.75, 0.95}) put(std::log1p(laplacian_.Percentile(share)));
  put(LogRatio(*most, *least));
  put(LogRatio(curvature[0], curvature[1]));
  put(LogRatio(curvature[2], curvature[3]));
  put(LogRatio(steps, (curvature[0] + curvature[1]) / 2.0));
  put(std::log(PercentileOf(noise, 0.1) + 0.05));
  put(std::log(PercentileOf(noise, 0.25) + 0.05));
  put(std::log(static_cast<double>(impulses_) / pixels + 1e-4));
  put(std::max(Blockiness(column_steps_, column_counts_), Blockiness(row_steps_, row_counts_)));
  put(static_cast<double>(equal_neighbours_) / static_cast<double>(std::max<std::uint64_t>(1, Total(column_counts_))));
  return values;
}

const std::array<std::string_view, kFineDetails>& FineDetailNames() {
  static constexpr std::array<std::string_view, kFineDetails> kNames = {
      "laplacian_p25",    "laplacian_p50",      "laplacian_p75",     "laplacian_p95", "direction_spread",
      "direction_across", "direction_diagonal", "step_to_curvature", "noise_p10",     "noise_p25",
      "impulses",         "blockiness",         "equal_neighbours"};
  return kNames;
}

}  // namespace giot::quality
