#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "trainer/quality/scenes.h"

namespace giot::trainer {

// What a good camera on a vehicle makes of a flawless picture: a little soft or sharpened, compressed, noisy, of
// another gamma and sometimes smaller; a quarter of the pictures stay as they are. CV_8UC3. Deterministic given the
// seed.
cv::Mat ThroughCamera(const cv::Mat& image, std::uint64_t seed);

// A part of an image of .55 to .8 of its sides, mirrored every other time.
cv::Mat CropOf(const cv::Mat& image, std::uint64_t seed);

// Makes scenes to train on more like those that will be scored, where clean means as good as the camera gives it:
// photographs and rendered roads are seen through a camera, and images of real roads get `crops` parts each as further
// frames.
void VaryScene(int crops, std::uint64_t seed, Scene& scene);

}  // namespace giot::trainer
