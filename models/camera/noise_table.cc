#include "models/camera/noise_table.h"

#include "models/camera/random.h"

namespace giot::camera {

NoiseTable::NoiseTable(std::uint64_t seed) : values_(std::size_t{kSide} * kSide) {
  Random random(seed);
  for (std::int8_t& value : values_) value = static_cast<std::int8_t>(random.Integer(-127, 127));
}

float NoiseTable::Fractal(float x, float y, int octaves) const {
  float sum = 0.0F;
  float strength = 0.55F;
  for (int octave = 0; octave < octaves; ++octave) {
    sum += strength * At(x, y);
    // Turning between octaves hides the lattice.
    const float turned = 1.6F * x - 1.2F * y + 17.3F;
    y = 1.2F * x + 1.6F * y + 5.1F;
    x = turned;
    strength *= 0.5F;
  }
  return sum;
}

}  // namespace giot::camera
