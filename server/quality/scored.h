#pragma once

#include <chrono>
#include <cstdint>

#include "models/quality/sensing_score.h"
#include "server/quality/nonce_secret.h"

namespace giot::scoring {

// A score, and what it takes to compute it again.
struct Scored {
  quality::SensingScore score;
  quality::Requirements requirements;
  Digest image_sha256{};
  Digest nonce{};
  bool repeated = false;  // The answer to an earlier submission with the same id.
  std::chrono::microseconds waited{0};
  std::chrono::microseconds took{0};
};

}  // namespace giot::scoring
