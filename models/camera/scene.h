#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>
#include <vector>

namespace giot::camera {

enum class Weather { kClear, kOvercast, kRain, kFog };

// A road as a fixed camera sees it; everything follows from these.
struct SceneOptions {
  std::uint64_t seed = 1;  // Road, surroundings, vehicles and their paint.
  int width = 1280;
  int height = 720;
  Weather weather = Weather::kClear;
  double hour = 12.0;  // Of the day, [0, 24): light.
};

struct Frame {
  cv::Mat image;                   // CV_8UC3, BGR.
  std::vector<cv::Rect> vehicles;  // Where they are, nearest first, clipped to the image.
};

// Renders the scene `seconds` after its start: vehicles move, textures stay where they
// are. Deterministic: the same bytes for the same arguments on every thread and run
// (another processor's mathematical library may round otherwise). At least 32 x 32 pixels.
Frame RenderScene(const SceneOptions& options, double seconds);

}  // namespace giot::camera
