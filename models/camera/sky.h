#pragma once

#include <opencv2/core/mat.hpp>

#include "models/camera/light.h"
#include "models/camera/noise_table.h"
#include "models/camera/world.h"

namespace giot::camera {

// Everything above the horizon that is farther than the roadside: sky, moving clouds, sun, hills, woods or a town.
void PaintSky(cv::Mat& canvas, const World& world, const Light& light, const NoiseTable& noise, double seconds);

}  // namespace giot::camera
