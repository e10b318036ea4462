#pragma once

#include <cstdint>

#include "models/camera/item.h"

namespace giot::camera {

struct Tree {
  float x = 0.0F;
  float z = 0.0F;
  float height = 8.0F;  // Metres.
  bool conifer = false;
  bool bush = false;  // No trunk.
  std::uint64_t seed = 0;
};

Item TreeItem(const Setting& setting, const Tree& tree);

}  // namespace giot::camera
