#pragma once

#include <opencv2/core/mat.hpp>
#include <opencv2/core/matx.hpp>

#include "models/camera/traffic.h"

namespace giot::camera {

// A point of the world: metres right of the vehicle's middle, above the ground, ahead of its middle.
cv::Vec3f PlaceOf(const Vehicle& vehicle, float side, float y, float ahead);

void PaintVehicle(cv::Mat& canvas, const Setting& setting, const Vehicle& vehicle);
// vehicle_shadow.cc: what it does to the light on the road.
void PaintVehicleShadow(cv::Mat& canvas, const Setting& setting, const Vehicle& vehicle);
void PaintHeadlightPool(cv::Mat& canvas, const Setting& setting, const Vehicle& vehicle);

}  // namespace giot::camera
