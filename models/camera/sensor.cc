#include "models/camera/sensor.h"

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "models/camera/field.h"
#include "models/camera/random.h"

namespace giot::camera {
namespace {

constexpr int kToneSteps = 4096;
constexpr float kToneRange = 1.6F;  // Beyond, everything is white.

// Gamma, with a shoulder that keeps some of the highlights and a slight S of contrast.
std::array<uchar, kToneSteps + 1> ToneCurve() {
  std::array<uchar, kToneSteps + 1> curve{};
  for (int i = 0; i <= kToneSteps; ++i) {
    const double light = static_cast<double>(kToneRange) * i / kToneSteps;
    const double rolled = light < 0.6 ? light : 0.6 + 0.4 * (1.0 - std::exp(-(light - 0.6) / 0.4));
    const double level = std::pow(rolled, 1.0 / 2.2);
    const double contrast = level + 0.18 * level * (1.0 - level) * (2.0 * level - 1.0);
    curve[static_cast<std::size_t>(i)] = cv::saturate_cast<uchar>(255.0 * contrast);
  }
  return curve;
}

// Light brighter than the sensor's range, spread by the lens.
cv::Mat Bloom(const cv::Mat& canvas, float gain) {
  const cv::Size small((canvas.cols + 3) / 4, (canvas.rows + 3) / 4);
  cv::Mat excess;
  cv::resize(canvas, excess, small, 0, 0, cv::INTER_AREA);
  excess = excess * gain - cv::Scalar::all(1.0);
  cv::max(excess, 0.0, excess);
  cv::min(excess, 12.0, excess);
  cv::Mat wide = Soften(excess, 0.035 * small.height);
  cv::addWeighted(Soften(excess, 0.008 * small.height), 0.30, wide, 0.10, 0.0, excess);
  cv::resize(excess, wide, canvas.size(), 0, 0, cv::INTER_LINEAR);
  return wide;
}

// Photon and read noise of the exposed light, in place.
void AddNoise(cv::Mat& exposed, float gain, std::uint64_t seed) {
  const float photon = 0.00009F * gain;
  const float read = 0.00035F * gain;
  std::vector<float> normal(static_cast<std::size_t>(3 * exposed.cols));
  for (int y = 0; y < exposed.rows; ++y) {
    FillNormal(normal.data(), 3 * exposed.cols, seed, y);
    auto* row = exposed.ptr<float>(y);
    for (int i = 0; i < 3 * exposed.cols; ++i) {
      const float light = std::max(row[i], 0.0F);
      row[i] = light + normal[static_cast<std::size_t>(i)] * std::sqrt(photon * light + read * read);
    }
  }
}

// Exposure with the corners darker, as a simple lens has them.
void Expose(cv::Mat& canvas, const cv::Mat& bloom, float gain, float vignette) {
  const float half_width = 0.5F * static_cast<float>(canvas.cols);
  const float half_height = 0.5F * static_cast<float>(canvas.rows);
  const float diagonal = half_width * half_width + half_height * half_height;
  for (int y = 0; y < canvas.rows; ++y) {
    auto* row = canvas.ptr<Colour>(y);
    const auto* glow = bloom.ptr<Colour>(y);
    const float dy = static_cast<float>(y) - half_height;
    for (int x = 0; x < canvas.cols; ++x) {
      const float dx = static_cast<float>(x) - half_width;
      row[x] = (row[x] * gain + glow[x]) * (1.0F - vignette * (dx * dx + dy * dy) / diagonal);
    }
  }
}

}  // namespace

cv::Mat Develop(cv::Mat& canvas, const Light& light, std::uint64_t camera_seed, std::uint64_t noise_seed) {
  static const std::array<uchar, kToneSteps + 1> kCurve = ToneCurve();
  Random random(camera_seed);
  const auto vignette = static_cast<float>(random.Uniform(0.02, 0.22));
  const double softness = random.Uniform(0.40, 0.60);
  Expose(canvas, Bloom(canvas, light.gain), light.gain, vignette);
  AddNoise(canvas, light.gain, noise_seed);
  const cv::Mat exposed = Soften(canvas, softness);
  cv::Mat image(canvas.size(), CV_8UC3);
  for (int y = 0; y < image.rows; ++y) {
    const auto* in = exposed.ptr<float>(y);
    uchar* out = image.ptr<uchar>(y);
    for (int i = 0; i < 3 * image.cols; ++i) {
      const float step = std::clamp(in[i], 0.0F, kToneRange) * (static_cast<float>(kToneSteps) / kToneRange);
      out[i] = kCurve[static_cast<std::size_t>(step + 0.5F)];
    }
  }
  return image;
}

void PaintRain(cv::Mat& canvas, const Light& light, std::uint64_t seed, double seconds) {
  constexpr int kStreaks = 500;
  constexpr int kShift = 4;
  cv::Mat mask = cv::Mat::zeros(canvas.size(), CV_8U);
  const double rows = canvas.rows;
  for (int i = 0; i < kStreaks; ++i) {
    Random random(Derive(seed, static_cast<std::uint64_t>(i)));
    const double nearness = std::pow(random.Uniform(), 2.0);
    const double length = rows * (0.015 + 0.07 * nearness);
    const double speed = rows * (2.0 + 6.0 * nearness);
    const double turn = 1.2 * rows;
    const double fallen = random.Uniform(0.0, turn) + speed * seconds;
    const double y = fallen - turn * std::floor(fallen / turn) - 0.1 * rows;
    // Each fall is another drop.
    Random drop(Derive(seed + static_cast<std::uint64_t>(i),
                       static_cast<std::uint64_t>(static_cast<std::int64_t>(std::floor(fallen / turn))) + 7));
    const double x = drop.Uniform(-0.05, 1.05) * canvas.cols;
    const cv::Point from(cvRound(x * (1 << kShift)), cvRound(y * (1 << kShift)));
    const cv::Point to = from + cv::Point(cvRound(0.06 * length * (1 << kShift)), cvRound(length * (1 << kShift)));
    cv::line(mask, from, to, cv::Scalar(30 + cvRound(45 * nearness)), nearness > 0.75 ? 2 : 1, cv::LINE_AA, kShift);
  }
  const Colour drops = light.horizon * 1.1F + Colour(0.02F, 0.03F, 0.04F) * light.night;
  for (int y = 0; y < canvas.rows; ++y) {
    const uchar* weight = mask.ptr<uchar>(y);
    auto* row = canvas.ptr<Colour>(y);
    for (int x = 0; x < canvas.cols; ++x) {
      if (weight[x] != 0) Lay(row[x], {drops}, static_cast<float>(weight[x]) / 255.0F);
    }
  }
}

}  // namespace giot::camera
