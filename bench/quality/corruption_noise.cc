#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <opencv2/core.hpp>
#include <vector>

#include "bench/quality/corruption_kinds.h"

namespace giot::bench {

cv::Mat NormalField(cv::Size size, int channels, double mean, double deviation, Chance& chance) {
  cv::Mat field(size, CV_32FC(channels));
  for (int y = 0; y < field.rows; ++y) {
    float* row = field.ptr<float>(y);
    for (int i = 0; i < field.cols * channels; ++i) row[i] = static_cast<float>(mean + deviation * chance.Normal());
  }
  return field;
}

cv::Mat GaussianNoise(const cv::Mat& image, double deviation, Chance& chance) {
  return ToLevels(ToUnit(image) + NormalField(image.size(), 3, 0.0, deviation, chance));
}

namespace {

// The distribution function of counts with that mean.
std::vector<double> PoissonTable(double mean) {
  std::vector<double> table;
  double probability = std::exp(-mean);
  double sum = probability;
  for (int count = 0; count < 4 || sum < 1.0 - 1e-9; ++count) {
    table.push_back(sum);
    probability *= mean / (count + 1);
    sum += probability;
    if (probability < 1e-15 && count > mean) break;
  }
  return table;
}

}  // namespace

cv::Mat ShotNoise(const cv::Mat& image, double photons, Chance& chance) {
  std::array<std::vector<double>, 256> tables;
  for (std::size_t level = 0; level < tables.size(); ++level) {
    tables[level] = PoissonTable(static_cast<double>(level) / 255.0 * photons);
  }
  cv::Mat noisy(image.size(), CV_8UC3);
  for (int y = 0; y < image.rows; ++y) {
    const uchar* in = image.ptr<uchar>(y);
    uchar* out = noisy.ptr<uchar>(y);
    for (int i = 0; i < 3 * image.cols; ++i) {
      const std::vector<double>& table = tables[in[i]];
      const auto count = std::upper_bound(table.begin(), table.end(), chance.Uniform()) - table.begin();
      out[i] = cv::saturate_cast<uchar>(255.0 * static_cast<double>(count) / photons);
    }
  }
  return noisy;
}

cv::Mat ImpulseNoise(const cv::Mat& image, double share, Chance& chance) {
  cv::Mat noisy = image.clone();
  for (int y = 0; y < image.rows; ++y) {
    uchar* row = noisy.ptr<uchar>(y);
    for (int i = 0; i < 3 * image.cols; ++i) {
      if (chance.Uniform() < share) row[i] = chance.Uniform() < 0.5 ? 0 : 255;
    }
  }
  return noisy;
}

}  // namespace giot::bench
