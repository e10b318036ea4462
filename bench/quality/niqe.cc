#include "bench/quality/niqe.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace giot::bench {
namespace {

constexpr int kPatch = 96;
constexpr int kScales = 2;
constexpr int kPerScale = Niqe::kFeatures / kScales;
constexpr double kSharpEnough = 0.75;

// Asymmetric generalised Gaussian (Lasmar, Stitou, Berthoumieu 2009), by moments.
struct Fitted {
  double shape = 0.0;
  double left = 0.0;  // Scales.
  double right = 0.0;
  double mean = 0.0;
};

// Ratio of moments by which a shape is recognised, on a fine grid of shapes.
class ShapeTable {
 public:
  ShapeTable() {
    for (double shape = kFirst; shape <= kLast; shape += kStep) {
      const double middle = std::lgamma(2.0 / shape);
      ratios_.push_back(std::exp(2.0 * middle - std::lgamma(1.0 / shape) - std::lgamma(3.0 / shape)));
    }
  }
  double ShapeFor(double ratio) const {  // Ratios rise with the shape.
    const auto above = std::lower_bound(ratios_.begin(), ratios_.end(), ratio);
    const auto i = std::min(static_cast<std::size_t>(above - ratios_.begin()), ratios_.size() - 1);
    const bool below_is_closer = i > 0 && ratio - ratios_[i - 1] < ratios_[i] - ratio;
    return kFirst + kStep * static_cast<double>(below_is_closer ? i - 1 : i);
  }

 private:
  static constexpr double kFirst = 0.2;
  static constexpr double kLast = 10.0;
  static constexpr double kStep = 0.001;
  std::vector<double> ratios_;
};

Fitted Fit(const cv::Mat& values) {
  static const ShapeTable* const table = new ShapeTable;
  double left = 0.0, right = 0.0, left_count = 0.0, right_count = 0.0, absolute = 0.0;
  for (int row = 0; row < values.rows; ++row) {
    const double* value = values.ptr<double>(row);
    for (int column = 0; column < values.cols; ++column) {
      const double x = value[column];
      absolute += std::abs(x);
      (x < 0.0 ? left : right) += x * x;
      (x < 0.0 ? left_count : right_count) += 1.0;
    }
  }
  const double count = left_count + right_count;
  const double square = (left + right) / count;
  const double left_deviation = std::sqrt(left / std::max(left_count, 1.0));
  const double right_deviation = std::sqrt(right / std::max(right_count, 1.0));
  if (square < 1e-12) return {};
  const double skew = left_deviation / std::max(right_deviation, 1e-6);
  const double ratio = absolute * absolute / (count * count) / square;
  const double corrected =
      ratio * (skew * skew * skew + 1.0) * (skew + 1.0) / ((skew * skew + 1.0) * (skew * skew + 1.0));
  Fitted fitted;
  fitted.shape = table->ShapeFor(corrected);
  const double scale = std::exp(0.5 * (std::lgamma(1.0 / fitted.shape) - std::lgamma(3.0 / fitted.shape)));
  fitted.left = left_deviation * scale;
  fitted.right = right_deviation * scale;
  fitted.mean =
      (fitted.right - fitted.left) * std::exp(std::lgamma(2.0 / fitted.shape) - std::lgamma(1.0 / fitted.shape));
  return fitted;
}

// Mean-subtracted, contrast-normalised levels and the local deviation they were divided by.
struct Normalized {
  cv::Mat levels;
  cv::Mat deviation;
};

Normalized Normalize(const cv::Mat& grey) {
  const auto blur = [](const cv::Mat& values) {
    cv::Mat blurred;
    cv::GaussianBlur(values, blurred, {7, 7}, 7.0 / 6.0, 7.0 / 6.0, cv::BORDER_REPLICATE);
    return blurred;
  };
  const cv::Mat mean = blur(grey);
  Normalized result;
  cv::sqrt(cv::abs(blur(grey.mul(grey)) - mean.mul(mean)), result.deviation);
  cv::divide(grey - mean, result.deviation + 1.0, result.levels);
  return result;
}

// `shifted` reaches the neighbour at (row, column), around the borders of the image.
cv::Mat Neighbours(const cv::Mat& levels, int row, int column) {
  cv::Mat shifted(levels.size(), levels.type());
  for (int y = 0; y < levels.rows; ++y) {
    const double* from = levels.ptr<double>((y + row + levels.rows) % levels.rows);
    double* to = shifted.ptr<double>(y);
    for (int x = 0; x < levels.cols; ++x) to[x] = from[(x + column + levels.cols) % levels.cols];
  }
  return shifted;
}

struct Patches {
  cv::Mat features;   // [patches, Niqe::kFeatures]
  cv::Mat sharpness;  // [patches, 1]
};

void FillScale(const cv::Mat& grey, int scale, Patches& patches) {
  const int size = kPatch >> scale;
  const Normalized normalized = Normalize(grey);
  const std::array<cv::Mat, 4> products = {
      normalized.levels.mul(Neighbours(normalized.levels, 0, 1)),
      normalized.levels.mul(Neighbours(normalized.levels, 1, 0)),
      normalized.levels.mul(Neighbours(normalized.levels, 1, 1)),
      normalized.levels.mul(Neighbours(normalized.levels, 1, -1)),
  };
  int patch = 0;
  for (int y = 0; y + size <= grey.rows; y += size) {
    for (int x = 0; x + size <= grey.cols; x += size, ++patch) {
      const cv::Rect area(x, y, size, size);
      double* out = patches.features.ptr<double>(patch) + scale * kPerScale;
      const Fitted levels = Fit(normalized.levels(area));
      *out++ = levels.shape;
      *out++ = (levels.left + levels.right) / 2.0;
      for (const cv::Mat& product : products) {
        const Fitted fitted = Fit(product(area));
        *out++ = fitted.shape;
        *out++ = fitted.mean;
        *out++ = fitted.left;
        *out++ = fitted.right;
      }
      if (scale == 0) patches.sharpness.at<double>(patch) = cv::mean(normalized.deviation(area))[0];
    }
  }
}

Patches PatchesOf(const cv::Mat& image) {
  cv::Mat grey;
  cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
  const int rows = grey.rows / kPatch;
  const int columns = grey.cols / kPatch;
  cv::Mat levels;
  grey(cv::Rect(0, 0, columns * kPatch, rows * kPatch)).convertTo(levels, CV_64F);
  Patches patches{cv::Mat(rows * columns, Niqe::kFeatures, CV_64F), cv::Mat(rows * columns, 1, CV_64F)};
  FillScale(levels, 0, patches);
  cv::Mat half;
  cv::resize(levels, half, {levels.cols / 2, levels.rows / 2}, 0, 0, cv::INTER_AREA);
  FillScale(half, 1, patches);
  return patches;
}

}  // namespace

Niqe::Gaussian Niqe::GaussianOf(const cv::Mat& features) {
  Gaussian gaussian;
  cv::calcCovarMatrix(features, gaussian.covariance, gaussian.mean, cv::COVAR_NORMAL | cv::COVAR_ROWS, CV_64F);
  gaussian.covariance /= std::max(features.rows - 1, 1);
  return gaussian;
}

absl::StatusOr<Niqe> Niqe::Fit(const std::vector<cv::Mat>& pristine) {
  cv::Mat sharp;
  for (const cv::Mat& image : pristine) {
    const Patches patches = PatchesOf(image);
    double most = 0.0;
    cv::minMaxLoc(patches.sharpness, nullptr, &most);
    for (int i = 0; i < patches.features.rows; ++i) {
      if (patches.sharpness.at<double>(i) > kSharpEnough * most) sharp.push_back(patches.features.row(i));
    }
  }
  if (sharp.rows <= kFeatures) {
    return absl::FailedPreconditionError(
        absl::StrCat("pristine photographs: got ", sharp.rows, " sharp patches, want more than ", kFeatures));
  }
  return Niqe(GaussianOf(sharp));
}

double Niqe::Score(const cv::Mat& image) const {
  const Gaussian gaussian = GaussianOf(PatchesOf(image).features);
  cv::Mat inverse;
  cv::invert((pristine_.covariance + gaussian.covariance) / 2.0, inverse, cv::DECOMP_SVD);
  const cv::Mat difference = pristine_.mean - gaussian.mean;
  const cv::Mat square = difference * inverse * difference.t();
  return std::sqrt(std::max(0.0, square.at<double>(0)));
}

}  // namespace giot::bench
