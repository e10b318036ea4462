#pragma once

#include <cstdint>

#include "models/camera/item.h"

namespace giot::camera {

// A box along the road; its faces towards the camera and the road show.
struct Building {
  float near_x = 0.0F;  // Of the wall that faces the road.
  float depth = 10.0F;  // Away from the road, metres.
  float front = 10.0F;  // z of the near end.
  float back = 25.0F;
  float height = 9.0F;  // Of the walls.
  bool gable = false;   // A pitched roof, else flat.
  std::uint64_t seed = 0;
};

Item BuildingItem(const Setting& setting, const Building& building);

}  // namespace giot::camera
