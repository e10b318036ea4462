#include "trainer/quality/usefulness_parts.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <opencv2/core.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

#include "models/quality/gmsd.h"

namespace giot::trainer {
namespace {

// ORB finds about so many of its keypoints again in an image that is the same but for rounding.
constexpr double kBestRepeatability = 0.9;
constexpr int kOrbKeypoints = 500;
constexpr float kSamePlace = 3.0F;   // Pixels.
constexpr int kSameDescriptor = 64;  // Bits of 256.

constexpr int kCoarseWidth = 352;  // Of the detectors that look at road images.
constexpr double kCoarseSigma = 3.0;
constexpr double kCoarseNoise = 4.0;  // Variance of grey values that is no structure.
constexpr double kChromaShift = 15.0;

cv::Mat Grey(const cv::Mat& image) {
  cv::Mat grey;
  cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

cv::Mat ToFloat(const cv::Mat& image) {
  cv::Mat result;
  image.convertTo(result, CV_32F);
  return result;
}

cv::Mat Half(const cv::Mat& image) {
  cv::Mat result;
  cv::resize(image, result, {image.cols / 2, image.rows / 2}, 0, 0, cv::INTER_AREA);
  return result;
}

cv::Mat Coarse(const cv::Mat& image) {
  const int width = std::min(kCoarseWidth, image.cols);
  cv::Mat result;
  cv::resize(image, result, {width, std::max(1, image.rows * width / image.cols)}, 0, 0, cv::INTER_AREA);
  return result;
}

// Both chroma planes of YCrCb.
cv::Mat Chroma(const cv::Mat& coarse_colour) {
  cv::Mat converted;
  cv::cvtColor(coarse_colour, converted, cv::COLOR_BGR2YCrCb);
  cv::Mat chroma(converted.size(), CV_8UC2);
  cv::mixChannels(converted, chroma, {1, 0, 2, 1});
  return ToFloat(chroma);
}

double MeanDistance(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat square = (a - b).mul(a - b);
  cv::Mat distance;
  cv::transform(square, distance, cv::Matx12f(1.0F, 1.0F));
  cv::sqrt(distance, distance);
  return cv::mean(distance)[0];
}

cv::Mat Blurred(const cv::Mat& image, int size, double sigma) {
  cv::Mat result;
  cv::GaussianBlur(image, result, {size, size}, sigma, sigma, cv::BORDER_REFLECT_101);
  return result;
}

// Of two images in a Gaussian window around each pixel.
struct LocalMoments {
  cv::Mat mean_a, mean_b, variance_a, variance_b, covariance;
};

LocalMoments MomentsOf(const cv::Mat& a, const cv::Mat& b, int size, double sigma) {
  LocalMoments m;
  m.mean_a = Blurred(a, size, sigma);
  m.mean_b = Blurred(b, size, sigma);
  m.variance_a = Blurred(a.mul(a), size, sigma) - m.mean_a.mul(m.mean_a);
  m.variance_b = Blurred(b.mul(b), size, sigma) - m.mean_b.mul(m.mean_b);
  m.covariance = Blurred(a.mul(b), size, sigma) - m.mean_a.mul(m.mean_b);
  m.variance_a = cv::max(m.variance_a, 0.0F);
  m.variance_b = cv::max(m.variance_b, 0.0F);
  return m;
}

double Ssim(const cv::Mat& a, const cv::Mat& b) {
  constexpr double kC1 = 0.01 * 255 * 0.01 * 255;
  constexpr double kC2 = 0.03 * 255 * 0.03 * 255;
  const LocalMoments m = MomentsOf(a, b, 11, 1.5);
  const cv::Mat numerator = (2.0 * m.mean_a.mul(m.mean_b) + kC1).mul(2.0 * m.covariance + kC2);
  const cv::Mat denominator =
      (m.mean_a.mul(m.mean_a) + m.mean_b.mul(m.mean_b) + kC1).mul(m.variance_a + m.variance_b + kC2);
  cv::Mat ratio;
  cv::divide(numerator, denominator, ratio);
  return cv::mean(ratio)[0];
}

struct Information {
  double kept = 0.0;
  double clean = 0.0;
};

// Of one scale: the gain and noise that turn the clean image into the other in each window, and what they leave.
Information InformationAt(const cv::Mat& clean, const cv::Mat& image, int size) {
  constexpr float kEpsilon = 1e-10F;
  constexpr float kEyeNoise = 2.0F;
  const LocalMoments m = MomentsOf(clean, image, size, size / 5.0);
  Information sum;
  for (int row = 0; row < clean.rows; ++row) {
    const float* variance_a = m.variance_a.ptr<float>(row);
    const float* variance_b = m.variance_b.ptr<float>(row);
    const float* covariance = m.covariance.ptr<float>(row);
    for (int column = 0; column < clean.cols; ++column) {
      const float a = variance_a[column] < kEpsilon ? 0.0F : variance_a[column];
      float gain = covariance[column] / (a + kEpsilon);
      float noise = variance_b[column] - gain * covariance[column];
      if (a == 0.0F || gain < 0.0F) {
        gain = 0.0F;
        noise = variance_b[column];
      }
      noise = std::max(noise, kEpsilon);
      sum.kept += std::log1p(gain * gain * a / (noise + kEyeNoise));
      sum.clean += std::log1p(a / kEyeNoise);
    }
  }
  return sum;
}

double Vif(cv::Mat clean, cv::Mat image) {
  Information total;
  for (int scale = 1; scale <= 4; ++scale) {
    const int size = (1 << (5 - scale)) + 1;
    if (scale > 1) {
      clean = Half(Blurred(clean, size, size / 5.0));
      image = Half(Blurred(image, size, size / 5.0));
    }
    const Information at_scale = InformationAt(clean, image, size);
    total.kept += at_scale.kept;
    total.clean += at_scale.clean;
  }
  return total.clean > 0.0 ? total.kept / total.clean : 1.0;
}

// What correlates with the clean image and what would at best, both weighted by the clean image's local contrast.
struct Correlation {
  cv::Mat found, best;
};

Correlation CorrelationOf(const cv::Mat& clean, const cv::Mat& image) {
  const LocalMoments m = MomentsOf(clean, image, 0, kCoarseSigma);
  cv::Mat scale;
  cv::sqrt((m.variance_a + kCoarseNoise).mul(m.variance_b + kCoarseNoise), scale);
  cv::Mat weight;
  cv::sqrt(m.variance_a, weight);
  Correlation result;
  cv::divide(cv::max(m.covariance, 0.0F).mul(weight), scale, result.found);
  cv::divide(m.variance_a.mul(weight), m.variance_a + kCoarseNoise, result.best);
  return result;
}

double Share(double value) { return std::isfinite(value) ? std::clamp(value, 0.0, 1.0) : 0.0; }

}  // namespace

std::string_view NameOf(Part part) {
  constexpr std::array<std::string_view, kParts> kNames = {"gradients", "structure", "information", "keypoints",
                                                           "coarse",    "responses", "colour"};
  return kNames[static_cast<std::size_t>(part)];
}

CleanImage::Keypoints CleanImage::FindKeypoints(const cv::Mat& grey) {
  Keypoints keypoints;
  cv::ORB::create(kOrbKeypoints)->detectAndCompute(grey, cv::noArray(), keypoints.points, keypoints.descriptors);
  return keypoints;
}

CleanImage::CleanImage(const cv::Mat& image)
    : grey_(Grey(image)),
      float_(ToFloat(grey_)),
      half_(Half(float_)),
      coarse_(Coarse(float_)),
      chroma_(Chroma(Coarse(image))),
      keypoints_(FindKeypoints(grey_)) {}

double CleanImage::KeypointsFoundAgain(const cv::Mat& grey) const {
  if (keypoints_.points.empty()) return 1.0;
  const Keypoints others = FindKeypoints(grey);
  std::size_t again = 0;
  for (std::size_t i = 0; i < keypoints_.points.size(); ++i) {
    const cv::KeyPoint& point = keypoints_.points[i];
    for (std::size_t j = 0; j < others.points.size(); ++j) {
      const cv::KeyPoint& other = others.points[j];
      const cv::Point2f apart = point.pt - other.pt;
      if (apart.dot(apart) > kSamePlace * kSamePlace) continue;
      const double bits = cv::norm(keypoints_.descriptors.row(static_cast<int>(i)),
                                   others.descriptors.row(static_cast<int>(j)), cv::NORM_HAMMING);
      if (bits > kSameDescriptor) continue;
      ++again;
      break;
    }
  }
  return static_cast<double>(again) / static_cast<double>(keypoints_.points.size());
}

Parts CleanImage::Compare(const cv::Mat& image) const {
  const cv::Mat grey = Grey(image);
  const cv::Mat values = ToFloat(grey);
  const cv::Mat half = Half(values);
  const Correlation correlation = CorrelationOf(coarse_, Coarse(values));
  const double best = cv::sum(correlation.best)[0];
  Parts parts{};
  const auto set = [&parts](Part part, double value) { parts[static_cast<std::size_t>(part)] = Share(value); };
  set(Part::kGradients, quality::UsefulnessOfGmsd(quality::Gmsd(Half(grey), Half(grey_))));
  set(Part::kStructure, Ssim(float_, values));
  set(Part::kInformation, Vif(half_, half));
  set(Part::kKeypoints, KeypointsFoundAgain(grey) / kBestRepeatability);
  set(Part::kCoarse, best > 0.0 ? std::pow(cv::sum(correlation.found)[0] / best, 3.0) : 1.0);
  set(Part::kResponses, 1.0);
  set(Part::kColour, std::exp(-MeanDistance(chroma_, Chroma(Coarse(image))) / kChromaShift));
  return parts;
}

}  // namespace giot::trainer
