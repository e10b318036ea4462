#include "models/quality/audio.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/quality/wav.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

using absl::StatusCode;

constexpr int kRate = 16000;

std::string Wav(const std::string& data, std::uint32_t channels, std::uint32_t rate, std::uint32_t bits,
                std::uint32_t tag = 1) {
  const std::uint32_t frame = channels * bits / 8;
  const std::string fmt =
      Little16(tag) + Little16(channels) + Little32(rate) + Little32(rate * frame) + Little16(frame) + Little16(bits);
  const std::string chunks =
      "WAVEfmt " + Little32(16) + fmt + "data" + Little32(static_cast<std::uint32_t>(data.size())) + data;
  return "RIFF" + Little32(static_cast<std::uint32_t>(chunks.size())) + chunks;
}

// Sixteen bits, one channel; `level` of time in seconds, clipped to [-1, 1].
std::string Recording(double seconds, const std::function<double(double)>& level) {
  std::string data;
  for (int i = 0; i < static_cast<int>(seconds * kRate); ++i) {
    const double sample = std::clamp(level(static_cast<double>(i) / kRate), -1.0, 1.0);
    data += Little16(static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(sample * 32767.0))));
  }
  return Wav(data, 1, kRate, 16);
}

double Tone(double hertz, double time) { return std::sin(2.0 * std::numbers::pi * hertz * time); }

// Half a second of tone, half a second of rest, over a little hiss.
std::string Beeps(double loudness, double hiss, double hertz = 5000.0) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> noise(0.0, hiss);
  return Recording(2.0, [&](double time) {
    const double on = std::fmod(time, 1.0) < 0.5 ? loudness : 0.0;
    return on * Tone(hertz, time) + noise(random);
  });
}

AudioScore Score(const std::string& wav) {
  const auto score = ScoreAudio(wav, {}, {});
  EXPECT_TRUE(score.ok()) << score.status();
  return score.ok() ? *score : AudioScore();
}

TEST(WavTest, ReadsEveryWidth) {
  // -1, -1/2, 0, 1/2 of full scale, 400 times.
  std::string eight, sixteen, twenty_four, thirty_two;
  for (int i = 0; i < 400; ++i) {
    eight += std::string("\x00\x40\x80\xc0", 4);
    sixteen += std::string("\x00\x80\x00\xc0\x00\x00\x00\x40", 8);
    twenty_four += std::string("\x00\x00\x80\x00\x00\xc0\x00\x00\x00\x00\x00\x40", 12);
    thirty_two += std::string("\x00\x00\x00\x80\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x00\x40", 16);
  }
  for (const auto& [data, bits] : {std::pair(eight, 8U), {sixteen, 16U}, {twenty_four, 24U}, {thirty_two, 32U}}) {
    const auto sound = ParseWav(Wav(data, 1, 8000, bits));
    ASSERT_TRUE(sound.ok()) << sound.status();
    EXPECT_EQ(sound->rate, 8000);
    ASSERT_EQ(sound->samples.size(), 1600U);
    EXPECT_EQ(sound->samples[0], -1.0F);
    EXPECT_EQ(sound->samples[1], -0.5F);
    EXPECT_EQ(sound->samples[2], 0.0F);
    EXPECT_EQ(sound->samples[3], 0.5F);
    EXPECT_DOUBLE_EQ(sound->clipped, 0.25);
  }
}

TEST(WavTest, ChannelsAreAveraged) {
  std::string data;
  for (int i = 0; i < 1000; ++i) data += Little16(0x4000) + Little16(0);
  const auto sound = ParseWav(Wav(data, 2, 8000, 16));
  ASSERT_TRUE(sound.ok());
  EXPECT_EQ(sound->samples.size(), 1000U);
  EXPECT_EQ(sound->samples[7], 0.25F);
}

TEST(WavTest, ReadsExtensibleFormatsAndSkipsOtherChunks) {
  const std::string data(4000, '\x01');
  const std::string fmt = Little16(0xfffe) + Little16(1) + Little32(8000) + Little32(16000) + Little16(2) +
                          Little16(16) + Little16(22) + Little16(16) + Little32(4) + Little16(1) +
                          std::string("\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71", 14);
  const std::string chunks = "WAVELIST" + Little32(3) + "abc" + std::string(1, '\0') + "fmt " +
                             Little32(static_cast<std::uint32_t>(fmt.size())) + fmt + "data" + Little32(4000) + data;
  const auto sound = ParseWav("RIFF" + Little32(static_cast<std::uint32_t>(chunks.size())) + chunks);
  ASSERT_TRUE(sound.ok()) << sound.status();
  EXPECT_EQ(sound->samples.size(), 2000U);
}

TEST(WavTest, RefusesWhatItCannotRead) {
  const std::string data(40'000, '\0');
  const auto code = [](const std::string& bytes) { return ParseWav(bytes).status().code(); };
  EXPECT_EQ(code(Wav(data, 1, 8000, 16)), StatusCode::kOk);
  EXPECT_EQ(code(""), StatusCode::kInvalidArgument);
  EXPECT_EQ(code("OggS"), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Wav(data, 0, 8000, 16)), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Wav(data, 9, 8000, 16)), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Wav(data, 1, 3999, 16)), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Wav(data, 1, 192001, 16)), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Wav(data, 1, 8000, 12)), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Wav(data, 1, 8000, 32, 3)), StatusCode::kInvalidArgument);               // Floats.
  EXPECT_EQ(code(Wav(data.substr(0, 1000), 1, 8000, 16)), StatusCode::kInvalidArgument);  // 62 ms.
  EXPECT_EQ(code(std::string(kMaxWavBytes + 1, 'x')), StatusCode::kInvalidArgument);
}

TEST(WavTest, RefusesEveryTruncation) {
  const std::string whole = Wav(std::string(2000, '\x11'), 1, 8000, 16);
  ASSERT_TRUE(ParseWav(whole).ok());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(ParseWav(whole.substr(0, size)).status().code(), StatusCode::kInvalidArgument) << size;
  }
}

TEST(AudioTest, AClearRecordingIsWorthEverything) {
  const AudioScore score = Score(Beeps(0.5, 0.002));
  EXPECT_EQ(score.quality, 1.0);
  EXPECT_THAT(score.reasons, testing::IsEmpty());
  EXPECT_DOUBLE_EQ(score.seconds, 2.0);
  EXPECT_NEAR(score.active_share, 0.5, 0.02);
  // 0.5^2 / 2 against 0.002^2.
  EXPECT_NEAR(score.signal_to_noise, 10.0 * std::log10(0.125 / 4e-6), 2.0);
  EXPECT_NEAR(score.bandwidth, 5000.0, 40.0);
}

TEST(AudioTest, NoiseCosts) {
  const AudioScore score = Score(Beeps(0.1, 0.05));
  EXPECT_LT(score.clarity, 0.3);
  EXPECT_LT(score.quality, Score(Beeps(0.1, 0.01)).quality);
  EXPECT_THAT(score.reasons, testing::Contains(testing::StartsWith("noise")));
}

TEST(AudioTest, ClippingCosts) {
  const AudioScore score = Score(Beeps(3.0, 0.001));
  EXPECT_GT(score.clipped_share, 0.2);
  EXPECT_EQ(score.quality, 0.0);
  EXPECT_THAT(score.reasons[0], testing::HasSubstr("clipped"));
}

TEST(AudioTest, SilenceIsWorthNothing) {
  const AudioScore score = Score(Recording(1.0, [](double) { return 0.0; }));
  EXPECT_EQ(score.quality, 0.0);
  EXPECT_EQ(score.active_share, 0.0);
  EXPECT_EQ(score.bandwidth, 0.0);
  EXPECT_THAT(score.reasons, testing::Contains("hardly anything to hear"));
}

TEST(AudioTest, MuffledSoundCosts) {
  const AudioScore score = Score(Beeps(0.5, 0.0001, 850.0));
  EXPECT_NEAR(score.bandwidth, 850.0, 30.0);
  EXPECT_NEAR(score.quality, 0.25, 0.02);
  EXPECT_THAT(score.reasons, testing::ElementsAre(testing::StartsWith("muffled")));
}

TEST(AudioTest, AgeCostsAsWithImages) {
  Requirements requirements;
  requirements.received_at_us = 6'000'000;
  const auto score = ScoreAudio(Beeps(0.5, 0.002), {}, requirements);
  ASSERT_TRUE(score.ok());
  EXPECT_DOUBLE_EQ(score->quality, std::exp(-1.0));
}

TEST(AudioTest, RefusesBadMetadata) {
  Capture capture;
  capture.latitude = 100.0;
  EXPECT_EQ(ScoreAudio(Beeps(0.5, 0.002), capture, {}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ScoreAudio(Beeps(0.5, 0.002), {}, {.width = 0}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ScoreAudio("no sound", {}, {}).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::quality
