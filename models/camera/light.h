#pragma once

#include "models/camera/canvas.h"
#include "models/camera/scene.h"

namespace giot::camera {

// The light of an hour in a weather. Directions: x right, y up, z ahead.
struct Light {
  cv::Vec3f to_sun;  // Unit vector.
  Colour sun;        // On a surface that faces it.
  Colour sky;        // Ambient, on a surface that faces up.
  Colour zenith;     // Of the sky itself.
  Colour horizon;
  Colour air;               // Of thick air, by day its glow and by night that of the lamps.
  float extinction = 0.0F;  // Per metre.
  float night = 0.0F;       // 1 where lamps alone give light.
  bool lamps_on = false;
  bool headlights_on = false;
  float wetness = 0.0F;  // Of the ground.
  float cloudiness = 0.0F;
  float gain = 1.0F;  // Of the camera's exposure; its noise grows along.

  // What arrives of a colour from `distance` metres away.
  Colour Through(const Colour& colour, float distance) const {
    return Mixed(air, colour, std::exp(-extinction * distance));
  }
  // On a surface with that unit normal.
  Colour On(const cv::Vec3f& normal) const {
    return sky * (0.55F + 0.45F * normal[1]) + sun * std::max(0.0F, normal.dot(to_sun));
  }
};

Light LightOf(Weather weather, double hour, std::uint64_t seed);

}  // namespace giot::camera
