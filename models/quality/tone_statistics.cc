#include "models/quality/tone_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <opencv2/imgproc.hpp>

#include "models/quality/level_histogram.h"

namespace giot::quality {
namespace {

constexpr int kBlackLevel = 4;
constexpr int kWhiteLevel = 251;
constexpr int kDarkWindow = 5;

struct ColourSums {
  double blue = 0.0, green = 0.0, red = 0.0;
  double red_green = 0.0, red_green_square = 0.0;      // Of R - G.
  double yellow_blue = 0.0, yellow_blue_square = 0.0;  // Of (R + G) / 2 - B.
};

double Deviation(double sum, double square, double count) {
  const double mean = sum / count;
  return std::sqrt(std::max(0.0, square / count - mean * mean));
}

double Colourfulness(const ColourSums& sums, double count) {
  const double spread = std::hypot(Deviation(sums.red_green, sums.red_green_square, count),
                                   Deviation(sums.yellow_blue, sums.yellow_blue_square, count));
  return spread + 0.3 * std::hypot(sums.red_green / count, sums.yellow_blue / count);
}

double Entropy(const LevelHistogram<256>& histogram) {
  const auto count = static_cast<double>(histogram.Count());
  double bits = 0.0;
  for (std::size_t level = 0; level < 256; ++level) {
    const double share = histogram.At(level) / count;
    if (share > 0.0) bits -= share * std::log2(share);
  }
  return bits;
}

double ShareBetween(const LevelHistogram<256>& histogram, int first, int last) {
  std::uint64_t inside = 0;
  for (int level = first; level <= last; ++level) inside += histogram.At(static_cast<std::size_t>(level));
  return static_cast<double>(inside) / static_cast<double>(histogram.Count());
}

// Least channel in the window around each pixel.
LevelHistogram<256> DarkChannel(const cv::Mat& least_channel) {
  cv::Mat dark;
  cv::erode(least_channel, dark, cv::Mat::ones(kDarkWindow, kDarkWindow, CV_8U));
  LevelHistogram<256> histogram;
  for (int y = 0; y < dark.rows; ++y) {
    const std::uint8_t* row = dark.ptr<std::uint8_t>(y);
    for (int x = 0; x < dark.cols; ++x) histogram.Add(row[x]);
  }
  return histogram;
}

}  // namespace

std::array<float, kToneStatistics> ToneStatistics(const cv::Mat& thumbnail) {
  LevelHistogram<256> luma;
  ColourSums sums;
  cv::Mat least_channel(thumbnail.size(), CV_8UC1);
  for (int y = 0; y < thumbnail.rows; ++y) {
    const std::uint8_t* pixel = thumbnail.ptr<std::uint8_t>(y);
    std::uint8_t* least = least_channel.ptr<std::uint8_t>(y);
    for (int x = 0; x < thumbnail.cols; ++x, pixel += 3) {
      const int blue = pixel[0], green = pixel[1], red = pixel[2];
      luma.Add(static_cast<std::size_t>((29 * blue + 150 * green + 77 * red + 128) >> 8));
      least[x] = std::min({pixel[0], pixel[1], pixel[2]});
      const double red_green = red - green;
      const double yellow_blue = 0.5 * (red + green) - blue;
      sums.blue += blue;
      sums.green += green;
      sums.red += red;
      sums.red_green += red_green;
      sums.red_green_square += red_green * red_green;
      sums.yellow_blue += yellow_blue;
      sums.yellow_blue_square += yellow_blue * yellow_blue;
    }
  }
  const auto count = static_cast<double>(thumbnail.total());
  const LevelHistogram<256> dark = DarkChannel(least_channel);

  std::size_t next = 0;
  std::array<float, kToneStatistics> values;
  const auto put = [&](double value) { values[next++] = static_cast<float>(value); };
  for (const double share : {0.05, 0.25, 0.5, 0.75, 0.95}) put(luma.Percentile(share) / 256.0);
  put(ShareBetween(luma, 0, kBlackLevel));
  put(ShareBetween(luma, kWhiteLevel, 255));
  put(Entropy(luma));
  put(Colourfulness(sums, count) / 255.0);
  put(std::log((sums.red + count) / (sums.green + count)));
  put(std::log((sums.blue + count) / (sums.green + count)));
  put(dark.Percentile(0.1) / 256.0);
  put(dark.Percentile(0.5) / 256.0);
  return values;
}

const std::array<std::string_view, kToneStatistics>& ToneStatisticsNames() {
  static constexpr std::array<std::string_view, kToneStatistics> kNames = {
      "luma_p5", "luma_p25",      "luma_p50",     "luma_p75",      "luma_p95",         "black_share",     "white_share",
      "entropy", "colourfulness", "red_to_green", "blue_to_green", "dark_channel_p10", "dark_channel_p50"};
  return kNames;
}

}  // namespace giot::quality
