#pragma once

#include <cstdint>
#include <string>

namespace giot::quality {

// A WAV file of a second, 16000 samples of 16 bits: half of it a tone of 5 kHz over hiss 48 dB
// below its peak, half of it hiss alone; flawless by ScoreAudio's measures. Another hiss for each seed.
std::string SomeRecording(std::uint64_t seed);

}  // namespace giot::quality
