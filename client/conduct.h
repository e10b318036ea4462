#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace giot::client {

// How a vehicle behaves that was promised a reward for a quality.
enum class Conduct {
  kHonest,   // Delivers the quality.
  kReplay,   // Sends what it sent before.
  kGrain,    // Spends half the effort and adds grain, which looks like detail.
  kUpscale,  // Takes a quarter of the pixels and enlarges them.
  kStale,    // Sends what it took long ago.
  kCorrupt,  // Sends bytes that were damaged on the way, and the digest of the whole ones.
};
inline constexpr int kConducts = 6;
inline constexpr std::array<Conduct, kConducts> kAllConducts = {Conduct::kHonest,  Conduct::kReplay, Conduct::kGrain,
                                                                Conduct::kUpscale, Conduct::kStale,  Conduct::kCorrupt};
std::string_view NameOf(Conduct conduct);

// Honest but for a share of the vehicles, which take turns at the five ways to cheat. The same
// number, share and seed give the same conduct.
Conduct ConductOf(std::uint64_t vehicle, double cheat_share, std::uint64_t seed);

}  // namespace giot::client
