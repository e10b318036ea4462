#include "client/conduct.h"

#include <cmath>
#include <cstddef>

namespace giot::client {

std::string_view NameOf(Conduct conduct) {
  constexpr std::array<std::string_view, kConducts> kNames = {"honest",  "replay", "grain",
                                                              "upscale", "stale",  "corrupt"};
  return kNames[static_cast<std::size_t>(conduct)];
}

Conduct ConductOf(std::uint64_t vehicle, double cheat_share, std::uint64_t seed) {
  // The number of cheats among the first n vehicles is n times the share, rounded down.
  const auto cheats_before = [cheat_share](std::uint64_t count) {
    return static_cast<std::uint64_t>(std::floor(static_cast<double>(count) * cheat_share));
  };
  const std::uint64_t before = cheats_before(vehicle);
  if (cheats_before(vehicle + 1) == before) return Conduct::kHonest;
  return kAllConducts[1 + (before + seed) % (kConducts - 1)];
}

}  // namespace giot::client
