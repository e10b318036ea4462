#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>
#include <vector>

#include "models/camera/item.h"
#include "models/camera/vehicle_shape.h"

namespace giot::camera {

// A vehicle where it is at one time.
struct Vehicle {
  VehicleKind kind = VehicleKind::kHatchback;
  float x = 0.0F;  // Of its middle, metres.
  float z = 0.0F;
  cv::Vec2f forward;  // Unit vector (x, z) the way it drives.
  Colour paint;       // Albedo.
  bool braking = false;
  std::uint64_t seed = 0;
};

// All vehicles ahead of the camera, in lanes at their lanes' speeds; where one drives out of sight another comes.
std::vector<Vehicle> TrafficAt(const World& world, double seconds);

// Shadows below and beside them, and at night the light of their headlights on the road.
void PaintShadows(cv::Mat& canvas, const Setting& setting, const std::vector<Vehicle>& traffic);

void AddVehicles(const Setting& setting, const std::vector<Vehicle>& traffic, Items& items);

// Rectangles around those that a viewer could make out, nearest first: at least six pixels wide and high, no more than
// a part hidden behind nearer ones, not lost in fog.
std::vector<cv::Rect> BoxesOf(const World& world, const Light& light, const std::vector<Vehicle>& traffic);

}  // namespace giot::camera
