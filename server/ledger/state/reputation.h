#pragma once

#include <cstdint>

namespace giot::ledger {

// A vehicle's reputation in 1e-6, in integers: an eighth of the way to 1 or 0.
constexpr std::uint32_t Raised(std::uint32_t reputation) { return reputation + (1'000'000 - reputation) / 8; }
constexpr std::uint32_t Lowered(std::uint32_t reputation) { return reputation - reputation / 8; }

}  // namespace giot::ledger
