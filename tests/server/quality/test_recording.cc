#include "tests/server/quality/test_recording.h"

#include <cmath>
#include <numbers>
#include <random>

namespace giot::quality {
namespace {

constexpr int kRate = 16000;
constexpr double kHertz = 5000.0;
constexpr double kLoudness = 0.5;
constexpr double kHiss = 0.002;

std::string Little(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text.push_back(static_cast<char>(value >> (8 * i)));
  return text;
}

}  // namespace

std::string SomeRecording(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> hiss(0.0, kHiss);
  std::string samples;
  for (int i = 0; i < kRate; ++i) {
    const double tone = i < kRate / 2 ? kLoudness * std::sin(2.0 * std::numbers::pi * kHertz * i / kRate) : 0.0;
    samples += Little(static_cast<std::uint32_t>(std::lround((tone + hiss(random)) * 32767.0)), 2);
  }
  const std::string format =
      Little(1, 2) + Little(1, 2) + Little(kRate, 4) + Little(2 * kRate, 4) + Little(2, 2) + Little(16, 2);
  const std::string chunks = "WAVEfmt " + Little(static_cast<std::uint32_t>(format.size()), 4) + format + "data" +
                             Little(static_cast<std::uint32_t>(samples.size()), 4) + samples;
  return "RIFF" + Little(static_cast<std::uint32_t>(chunks.size()), 4) + chunks;
}

}  // namespace giot::quality
