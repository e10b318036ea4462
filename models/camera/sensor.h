#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

#include "models/camera/light.h"

namespace giot::camera {

// What a camera makes of the light on its lens, CV_32FC3: lens softness, bloom, vignetting, exposure, sensor noise
// and the tone curve. CV_8UC3. The canvas is used up.
cv::Mat Develop(cv::Mat& canvas, const Light& light, std::uint64_t camera_seed, std::uint64_t noise_seed);

// Streaks of rain before the lens at that time.
void PaintRain(cv::Mat& canvas, const Light& light, std::uint64_t seed, double seconds);

}  // namespace giot::camera
