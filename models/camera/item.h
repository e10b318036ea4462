#pragma once

#include <functional>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "models/camera/ground.h"
#include "models/camera/light.h"
#include "models/camera/noise_table.h"
#include "models/camera/world.h"

namespace giot::camera {

// All that painters look up; outlives the items made from it.
struct Setting {
  const World& world;
  const Light& light;
  const LampRow& lamps;
  const NoiseTable& noise;
};

// Something that stands on the ground; what is farther is painted first.
struct Item {
  float distance = 0.0F;  // z, metres.
  std::function<void(cv::Mat& canvas)> paint;
};
using Items = std::vector<Item>;

}  // namespace giot::camera
