#pragma once

#include <opencv2/core/mat.hpp>

#include "bench/quality/corruption_chance.h"

// One function a Corruption; strengths as the paper has them.
namespace giot::bench {

// How much longer than in the paper lengths are.
double LengthScale(const cv::Mat& image);
// Levels as 0 .. 1, CV_32F, and back.
cv::Mat ToUnit(const cv::Mat& image);
cv::Mat ToLevels(const cv::Mat& unit);
cv::Mat NormalField(cv::Size size, int channels, double mean, double deviation, Chance& chance);
// The image enlarged about its middle.
cv::Mat CentreZoomed(const cv::Mat& image, double zoom);

// corruption_noise.cc
cv::Mat GaussianNoise(const cv::Mat& image, double deviation, Chance& chance);
cv::Mat ShotNoise(const cv::Mat& image, double photons, Chance& chance);
cv::Mat ImpulseNoise(const cv::Mat& image, double share, Chance& chance);

// corruption_blur.cc
struct DefocusStrength {
  double radius;
  double alias;
};

cv::Mat DefocusBlur(const cv::Mat& image, const DefocusStrength& strength);
struct GlassStrength {
  double sigma;
  int reach;
  int rounds;
};

cv::Mat GlassBlur(const cv::Mat& image, const GlassStrength& strength, Chance& chance);
struct MotionStrength {
  double radius;
  double sigma;
};

cv::Mat MotionBlur(const cv::Mat& image, const MotionStrength& strength, double angle);
struct ZoomStrength {
  double most;
  double step;
};

cv::Mat ZoomBlur(const cv::Mat& image, const ZoomStrength& strength);

// corruption_weather.cc
struct SnowStrength {
  double mean;
  double deviation;
  double zoom;
  double threshold;
  double radius;
  double sigma;
  double keep;
};

cv::Mat Snow(const cv::Mat& image, const SnowStrength& strength, Chance& chance);
struct MixStrength {
  double image;
  double other;
};

cv::Mat Frost(const cv::Mat& image, const MixStrength& strength, Chance& chance);
struct FogStrength {
  double density;
  double decay;
};

cv::Mat Fog(const cv::Mat& image, const FogStrength& strength, Chance& chance);

// corruption_digital.cc
cv::Mat Brightness(const cv::Mat& image, double added);
cv::Mat Contrast(const cv::Mat& image, double factor);
struct ElasticStrength {
  double reach;  // All in the image's heights.
  double sigma;
  double affine;
};

cv::Mat Elastic(const cv::Mat& image, const ElasticStrength& strength, Chance& chance);
cv::Mat Pixelate(const cv::Mat& image, double share);
cv::Mat Jpeg(const cv::Mat& image, int quality);

}  // namespace giot::bench
