#include "models/quality/wav.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "models/quality/byte_view.h"

namespace giot::quality {
namespace {

constexpr std::uint32_t kPcm = 1;
constexpr std::uint32_t kExtensible = 0xfffe;
constexpr std::size_t kChunkHeader = 8;

struct WavFormat {
  std::uint32_t channels = 0, rate = 0, bits = 0;
  std::size_t FrameBytes() const { return channels * bits / 8; }
};

absl::Status Refuse(const absl::AlphaNum& reason) {
  return absl::InvalidArgumentError(absl::StrCat("audio: ", reason));
}

absl::StatusOr<WavFormat> ParseFormat(const ByteView& chunk) {
  if (!chunk.Holds(0, 16)) return Refuse("damaged, a WAV with a short fmt chunk");
  // An extensible format begins its subformat's identifier with the plain one's number.
  const std::uint32_t tag = chunk.Little16(0) == kExtensible ? chunk.Little16(24) : chunk.Little16(0);
  if (tag != kPcm) return Refuse(absl::StrCat("got a WAV of format ", tag, ", want linear PCM"));
  const WavFormat format{chunk.Little16(2), chunk.Little32(4), chunk.Little16(14)};
  if (format.channels < 1 || format.channels > 8) {
    return Refuse(absl::StrCat("got ", format.channels, " channels, want 1 to 8"));
  }
  if (format.rate < 4000 || format.rate > 192000) {
    return Refuse(absl::StrCat("got ", format.rate, " samples per second, want 4000 to 192000"));
  }
  if (format.bits != 8 && format.bits != 16 && format.bits != 24 && format.bits != 32) {
    return Refuse(absl::StrCat("got ", format.bits, " bits, want 8, 16, 24 or 32"));
  }
  if (chunk.Little16(12) != format.FrameBytes()) return Refuse("damaged, a WAV whose fields contradict each other");
  return format;
}

// Scaled so that the most negative value of a sample is -2^31.
std::int64_t SampleAt(const ByteView& data, std::size_t offset, std::uint32_t bits) {
  switch (bits) {
    case 8:
      return (static_cast<std::int64_t>(data.U8(offset)) - 128) * (1 << 24);
    case 16:
      return static_cast<std::int32_t>(data.Little16(offset) << 16);
    case 24:
      return static_cast<std::int32_t>(data.Little24(offset) << 8);
    default:
      return static_cast<std::int32_t>(data.Little32(offset));
  }
}

Sound ReadSamples(const ByteView& data, const WavFormat& format) {
  const std::int64_t step = std::int64_t{1} << (32 - format.bits);
  const std::int64_t least = -(std::int64_t{1} << 31);
  const std::int64_t most = -least - step;
  const std::size_t bytes = format.bits / 8;
  const std::size_t frames = data.size() / format.FrameBytes();
  Sound sound;
  sound.rate = static_cast<int>(format.rate);
  sound.samples.reserve(frames);
  std::size_t clipped = 0;
  for (std::size_t frame = 0; frame < frames; ++frame) {
    std::int64_t sum = 0;
    for (std::size_t channel = 0; channel < format.channels; ++channel) {
      const std::int64_t sample = SampleAt(data, frame * format.FrameBytes() + channel * bytes, format.bits);
      clipped += sample <= least || sample >= most ? 1U : 0U;
      sum += sample;
    }
    sound.samples.push_back(static_cast<float>(static_cast<double>(sum) / format.channels * 0x1p-31));
  }
  sound.clipped =
      static_cast<double>(clipped) / static_cast<double>(std::max<std::size_t>(1, frames * format.channels));
  return sound;
}

}  // namespace

absl::StatusOr<Sound> ParseWav(std::string_view bytes) {
  if (bytes.empty()) return Refuse("empty");
  if (bytes.size() > kMaxWavBytes) {
    return Refuse(absl::StrCat("got ", bytes.size(), " bytes, want at most ", kMaxWavBytes));
  }
  const ByteView file(bytes);
  if (!file.HasAt(0, "RIFF") || !file.HasAt(8, "WAVE")) return Refuse("of unknown format, want WAV");
  absl::StatusOr<WavFormat> format = Refuse("damaged, a WAV without a fmt chunk before its samples");
  for (std::size_t offset = 12; file.Holds(offset, kChunkHeader);) {
    const std::size_t length = file.Little32(offset + 4);
    if (!file.Holds(offset + kChunkHeader, length)) return Refuse("truncated, a WAV shorter than it says");
    const ByteView chunk = file.Part(offset + kChunkHeader, length);
    if (file.HasAt(offset, "fmt ")) format = ParseFormat(chunk);
    if (file.HasAt(offset, "data")) {
      if (!format.ok()) return format.status();
      Sound sound = ReadSamples(chunk, *format);
      if (sound.samples.size() * 10 < format->rate) return Refuse("shorter than a tenth of a second");
      return sound;
    }
    offset += kChunkHeader + length + length % 2;
  }
  return Refuse("truncated, a WAV without samples");
}

}  // namespace giot::quality
