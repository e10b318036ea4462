#include "models/quality/features.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "models/quality/block_noise.h"
#include "models/quality/cell_grid.h"
#include "models/quality/fine_detail.h"
#include "models/quality/image_pyramid.h"
#include "models/quality/laplacian.h"
#include "models/quality/mscn_kernel.h"
#include "models/quality/natural_statistics.h"
#include "models/quality/patch_grid.h"
#include "models/quality/smoothing.h"
#include "models/quality/tone_statistics.h"

namespace giot::quality {
namespace {

constexpr int kCoarseDetails = 10;
constexpr int kCellStatistics = 3;
constexpr int kSmoothingReach = 2;
// Rows of the half-size image that are enough for percentiles.
constexpr int kSampledRows = 180;
static_assert(2 * kNaturalStatistics + kFineDetails + kCoarseDetails + kToneStatistics + kCellStatistics == kFeatures);

constexpr std::array<std::string_view, kCoarseDetails> kCoarseDetailNames = {
    "half_laplacian_p25", "half_laplacian_p50", "half_laplacian_p75", "half_laplacian_p95", "energy",
    "energy_1_to_2",      "energy_2_to_4",      "energy_4_to_8",      "half_noise",         "chroma_noise"};
constexpr std::array<std::string_view, kCellStatistics> kCellNames = {"flat_cells", "flat_dark_cells",
                                                                      "sharpness_spread"};

// Half the difference of red and green, about 128.
cv::Mat RedLessGreen(const cv::Mat& image) {
  cv::Mat difference(image.size(), CV_8UC1);
  for (int y = 0; y < image.rows; ++y) {
    const std::uint8_t* from = image.ptr<std::uint8_t>(y);
    std::uint8_t* to = difference.ptr<std::uint8_t>(y);
    for (int x = 0; x < image.cols; ++x)
      to[x] = static_cast<std::uint8_t>((from[3 * x + 2] - from[3 * x + 1] + 256) / 2);
  }
  return difference;
}

// Noise of half-size patches, in grey and in the difference of red and green.
class HalfNoise {
 public:
  void Add(const cv::Mat& half_patch, const cv::Mat& half_grey_patch) {
    AppendBlockNoise(half_grey_patch, grey_);
    AppendBlockNoise(RedLessGreen(half_patch), chroma_);
  }
  double Grey() { return PercentileOf(grey_, 0.1); }
  double Chroma() { return PercentileOf(chroma_, 0.1); }

 private:
  std::vector<float> grey_, chroma_;
};

double LogRatio(double numerator, double denominator) {
  constexpr double kQuiet = 0.05;
  return std::log((numerator + kQuiet) / (denominator + kQuiet));
}

std::array<float, kCoarseDetails> CoarseDetails(const ImagePyramid& pyramid, const CellGrid& cells,
                                                const FineDetail& fine, HalfNoise& noise) {
  const cv::Mat& half_grey = pyramid.half_grey;
  LevelHistogram<kMaxLaplacian + 1> laplacian;
  std::vector<std::uint16_t> row(static_cast<std::size_t>(half_grey.cols - 2));
  const int step = std::max(1, half_grey.rows / kSampledRows);
  for (int y = 1; y < half_grey.rows - 1; y += step) {
    LaplacianRow(half_grey, y, row.data());
    laplacian.Add(row);
  }
  const double eighth = MeanLaplacian(pyramid.eighth_grey);

  std::size_t next = 0;
  std::array<float, kCoarseDetails> values;
  const auto put = [&](double value) { values[next++] = static_cast<float>(value); };
  for (const double share : {0.25, 0.5, 0.75, 0.95}) put(std::log1p(laplacian.Percentile(share)));
  put(std::log(fine.Energy() + 0.05));
  put(LogRatio(fine.Energy(), cells.detail));
  put(LogRatio(cells.detail, cells.structure));
  put(LogRatio(cells.structure, eighth));
  put(LogRatio(noise.Grey(), fine.Noise()));
  put(std::log(noise.Chroma() + 0.05));
  return values;
}

// What sets covered or dirty parts apart from the rest.
std::array<float, kCellStatistics> CellStatistics(const CellGrid& grid) {
  constexpr double kFlat = 1.5;
  constexpr double kDark = 40.0;
  double flat = 0.0;
  double flat_dark = 0.0;
  std::vector<float> sharpness;
  for (const Cell& cell : grid.cells) {
    const bool is_flat = cell.structure < kFlat;
    flat += is_flat ? 1.0 : 0.0;
    flat_dark += is_flat && cell.brightness < kDark ? 1.0 : 0.0;
    sharpness.push_back(static_cast<float>(LogRatio(cell.detail, cell.structure)));
  }
  const auto count = static_cast<double>(grid.cells.size());
  const double spread = PercentileOf(sharpness, 0.75) - PercentileOf(sharpness, 0.1);
  return {static_cast<float>(flat / count), static_cast<float>(flat_dark / count), static_cast<float>(spread)};
}

template <typename Values>
float* Append(const Values& values, float* to) {
  return std::copy(values.begin(), values.end(), to);
}

// Grey levels of a patch, as they are and smoothed with the help of neighbours outside the patch.
struct PatchLevels {
  cv::Mat sharp, smooth;
};

PatchLevels SmoothPatch(const cv::Mat& image, const cv::Rect& patch) {
  const cv::Size margin(2 * kSmoothingReach, 2 * kSmoothingReach);
  const cv::Rect wide = cv::Rect(patch.tl() - cv::Point(kSmoothingReach, kSmoothingReach), patch.size() + margin) &
                        cv::Rect(cv::Point(), image.size());
  cv::Mat grey, smoothed;
  cv::cvtColor(image(wide), grey, cv::COLOR_BGR2GRAY);
  cv::GaussianBlur(grey, smoothed, margin + cv::Size(1, 1), 1.0);
  const cv::Rect inner = patch - wide.tl();
  return {grey(inner), smoothed(inner)};
}

ImagePyramid SmoothHalf(const ImagePyramid& pyramid) {
  ImagePyramid smoothed = pyramid;
  smoothed.half = cv::Mat();
  cv::GaussianBlur(pyramid.half, smoothed.half, cv::Size(3, 3), 0.5);
  smoothed.half_grey = cv::Mat();
  cv::cvtColor(smoothed.half, smoothed.half_grey, cv::COLOR_BGR2GRAY);
  return smoothed;
}

// What features are made from.
class Measurement {
 public:
  explicit Measurement(const ImagePyramid& pyramid) : pyramid_(pyramid) {}

  // `grey` shows `patch` of the full image.
  void Add(const cv::Mat& grey, const cv::Rect& patch) {
    const cv::Rect half(patch.x / 2, patch.y / 2, patch.width / 2, patch.height / 2);
    AddMscnMoments(grey, full_scale_);
    AddMscnMoments(pyramid_.half_grey(half), half_scale_);
    fine_.Add(grey, patch.x, patch.y);
    half_noise_.Add(pyramid_.half(half), pyramid_.half_grey(half));
  }

  Features Values(const std::array<float, kToneStatistics>& tone) {
    const CellGrid cells = MeasureCells(pyramid_);
    Features features;
    float* next = Append(NaturalStatistics(full_scale_), features.data());
    next = Append(NaturalStatistics(half_scale_), next);
    next = Append(fine_.Values(), next);
    next = Append(CoarseDetails(pyramid_, cells, fine_, half_noise_), next);
    next = Append(tone, next);
    Append(CellStatistics(cells), next);
    return features;
  }

 private:
  const ImagePyramid& pyramid_;
  MscnMoments full_scale_, half_scale_;
  FineDetail fine_;
  HalfNoise half_noise_;
};

cv::Mat GreyPatch(const cv::Mat& image, const cv::Rect& patch) {
  cv::Mat grey;
  cv::cvtColor(image(patch), grey, cv::COLOR_BGR2GRAY);
  return grey;
}

}  // namespace

Features ComputeFeatures(const cv::Mat& image, std::uint64_t patch_seed) {
  const ImagePyramid pyramid = BuildPyramid(image);
  Measurement measurement(pyramid);
  for (const cv::Rect& patch : ChoosePatches(image.size(), patch_seed)) {
    measurement.Add(GreyPatch(image, patch), patch);
  }
  return measurement.Values(ToneStatistics(pyramid.Thumbnail()));
}

FeaturePair ComputeFeaturePair(const cv::Mat& image, const ImagePyramid& pyramid, std::uint64_t patch_seed) {
  const ImagePyramid smooth_pyramid = SmoothHalf(pyramid);
  Measurement sharp(pyramid);
  Measurement smooth(smooth_pyramid);
  for (const cv::Rect& patch : ChoosePatches(image.size(), patch_seed)) {
    const PatchLevels levels = SmoothPatch(image, patch);
    sharp.Add(levels.sharp, patch);
    smooth.Add(levels.smooth, patch);
  }
  const auto tone = ToneStatistics(pyramid.Thumbnail());
  return {sharp.Values(tone), smooth.Values(tone)};
}

FeaturePair ComputeFeaturePair(const cv::Mat& image, std::uint64_t patch_seed) {
  return ComputeFeaturePair(image, BuildPyramid(image), patch_seed);
}

const std::array<std::string_view, kFeatures>& FeatureNames() {
  static const std::array<std::string, 2 * kNaturalStatistics> natural = [] {
    std::array<std::string, 2 * kNaturalStatistics> names;
    for (std::size_t i = 0; i < kNaturalStatistics; ++i) {
      names[i] = NaturalStatisticsNames()[i];
      names[kNaturalStatistics + i] = "half_" + names[i];
    }
    return names;
  }();
  static const std::array<std::string_view, kFeatures> all = [] {
    std::array<std::string_view, kFeatures> names;
    auto next = std::copy(natural.begin(), natural.end(), names.begin());
    next = std::copy(FineDetailNames().begin(), FineDetailNames().end(), next);
    next = std::copy(kCoarseDetailNames.begin(), kCoarseDetailNames.end(), next);
    next = std::copy(ToneStatisticsNames().begin(), ToneStatisticsNames().end(), next);
    std::copy(kCellNames.begin(), kCellNames.end(), next);
    return names;
  }();
  return all;
}

}  // namespace giot::quality
