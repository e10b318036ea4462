#include "models/quality/audio.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <opencv2/core.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "models/quality/block_noise.h"
#include "models/quality/reasons.h"
#include "models/quality/score_terms.h"
#include "models/quality/wav.h"

namespace giot::quality {
namespace {

constexpr double kMomentSeconds = 0.02;
constexpr double kSilence = 1e-6;      // Power of -60 dB of full scale.
constexpr double kLeastPower = 1e-10;  // Below what 16 bits resolve.
constexpr double kActiveRatio = 4.0;   // 6 dB.
constexpr std::size_t kSpectrumSize = 1024;
constexpr double kEnergyShare = 0.99;

// Mean square of each whole moment.
std::vector<float> MomentPowers(const Sound& sound) {
  const auto size = static_cast<std::size_t>(sound.rate * kMomentSeconds);
  std::vector<float> powers;
  for (std::size_t begin = 0; begin + size <= sound.samples.size(); begin += size) {
    double square = 0.0;
    for (std::size_t i = begin; i < begin + size; ++i) {
      square += static_cast<double>(sound.samples[i]) * static_cast<double>(sound.samples[i]);
    }
    powers.push_back(static_cast<float>(square / static_cast<double>(size)));
  }
  return powers;
}

double SignalToNoise(double loud, double quiet) {
  const double ratio = (loud + kLeastPower) / (quiet + kLeastPower);
  return std::clamp(10.0 * std::log10(ratio), 0.0, 100.0);
}

// Power of each frequency, summed over Hann windows.
std::vector<double> Spectrum(const Sound& sound) {
  std::vector<double> power(kSpectrumSize / 2 + 1);
  cv::Mat window(1, kSpectrumSize, CV_32F);
  cv::Mat spectrum;
  const std::size_t size = std::min(kSpectrumSize, sound.samples.size());
  for (std::size_t begin = 0; begin + size <= sound.samples.size(); begin += kSpectrumSize) {
    window.setTo(0.0);
    for (std::size_t i = 0; i < size; ++i) {
      const double phase = 2.0 * CV_PI * (static_cast<double>(i) + 0.5) / static_cast<double>(size);
      window.at<float>(0, static_cast<int>(i)) =
          sound.samples[begin + i] * static_cast<float>(0.5 - 0.5 * std::cos(phase));
    }
    cv::dft(window, spectrum, cv::DFT_COMPLEX_OUTPUT);
    for (std::size_t k = 0; k < power.size(); ++k) {
      const cv::Vec2f value = spectrum.at<cv::Vec2f>(0, static_cast<int>(k));
      power[k] += static_cast<double>(value.dot(value));
    }
  }
  return power;
}

double Bandwidth(const Sound& sound) {
  std::vector<double> power = Spectrum(sound);
  power[0] = 0.0;  // An offset is no sound.
  double total = 0.0;
  for (const double at_frequency : power) total += at_frequency;
  if (total <= 0.0) return 0.0;
  double below = 0.0;
  std::size_t k = 0;
  while (k + 1 < power.size() && below + power[k] < kEnergyShare * total) below += power[k++];
  return static_cast<double>(k) * sound.rate / kSpectrumSize;
}

void Measure(const Sound& sound, AudioScore& score) {
  score.seconds = static_cast<double>(sound.samples.size()) / sound.rate;
  score.clipped_share = sound.clipped;
  std::vector<float> powers = MomentPowers(sound);
  const double quiet = PercentileOf(powers, 0.1);
  const double loud = PercentileOf(powers, 0.9);
  score.signal_to_noise = SignalToNoise(loud, quiet);
  const auto active = std::count_if(powers.begin(), powers.end(), [quiet](float power) {
    return static_cast<double>(power) > std::max(kSilence, kActiveRatio * quiet);
  });
  score.active_share = static_cast<double>(active) / static_cast<double>(powers.size());
  score.bandwidth = Bandwidth(sound);
}

void Judge(AudioScore& score) {
  score.clipping = std::clamp(1.0 - score.clipped_share / 0.05, 0.0, 1.0);
  score.clarity = std::clamp((score.signal_to_noise - 3.0) / 22.0, 0.0, 1.0);
  score.liveliness = std::min(1.0, score.active_share / 0.05);
  score.width = std::min(1.0, score.bandwidth / 3400.0);
  score.quality = score.freshness * score.clipping * score.clarity * score.liveliness * score.width;
}

std::vector<std::string> Explain(const AudioScore& score, double age) {
  std::vector<std::pair<double, std::string>> found = {
      {score.freshness, age < 0.0 ? absl::StrCat("capture time lies ", SpanText(-age), " ahead")
                                  : absl::StrCat(SpanText(age), " old on arrival")},
      {score.clipping, absl::StrFormat("%.1f %% of the samples are clipped", 100.0 * score.clipped_share)},
      {score.clarity, absl::StrFormat("noise, %.0f dB below the sound", score.signal_to_noise)},
      {score.liveliness, "hardly anything to hear"},
      {score.width, absl::StrFormat("muffled, nothing above %.0f Hz", score.bandwidth)}};
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> reasons;
  for (auto& [value, text] : found) {
    if (value < 1.0) reasons.push_back(std::move(text));
  }
  return reasons;
}

}  // namespace

absl::StatusOr<AudioScore> ScoreAudio(std::string_view bytes, const Capture& capture,
                                      const Requirements& requirements) {
  if (absl::Status status = CheckCapture(capture); !status.ok()) return status;
  if (absl::Status status = CheckRequirements(requirements); !status.ok()) return status;
  absl::StatusOr<Sound> sound = ParseWav(bytes);
  if (!sound.ok()) return sound.status();
  AudioScore score;
  const double age = AgeSeconds(capture, requirements);
  score.freshness = Freshness(age, requirements);
  Measure(*sound, score);
  Judge(score);
  score.reasons = Explain(score, age);
  return score;
}

}  // namespace giot::quality
