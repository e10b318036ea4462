#pragma once

#include <opencv2/core/mat.hpp>

#include "models/camera/light.h"
#include "models/camera/noise_table.h"
#include "models/camera/world.h"

namespace giot::camera {

// Where street lamps stand, if any: every `spacing` metres from `first` on, on alternating sides.
struct LampRow {
  float spacing = 0.0F;  // 0: none.
  float first = 0.0F;    // z.
  float height = 8.0F;
  float offset = 0.0F;  // |u| of the lamp itself, over the carriageway.
};
LampRow LampsOf(const World& world);

// All that lies flat: asphalt with wheel tracks, cracks, patches and worn marks, pavement, verges, soil.
void PaintGround(cv::Mat& canvas, const World& world, const Light& light, const LampRow& lamps,
                 const NoiseTable& noise);

}  // namespace giot::camera
