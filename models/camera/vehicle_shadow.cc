#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "models/camera/vehicle_painter.h"

namespace giot::camera {
namespace {

// Paints a rectangle of the ground around the vehicle: `shade` takes metres right and ahead of its middle.
template <typename Shade>
void PaintAround(cv::Mat& canvas, const View& view, const Vehicle& vehicle, float half_width, float rear, float front,
                 const Shade& shade) {
  std::array<cv::Point2f, 4> corners;
  const std::array<cv::Vec2f, 4> local = {
      cv::Vec2f{-half_width, rear}, {half_width, rear}, {half_width, front}, {-half_width, front}};
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const cv::Vec3f at = PlaceOf(vehicle, local[i][0], 0.0F, local[i][1]);
    if (at[2] < 0.8F) return;
    corners[i] = view.Project(at[0], at[1], at[2]);
  }
  PaintQuad(canvas, corners, 0.0F, [&](const cv::Point2f& at) {
    return shade(half_width * (2.0F * at.x - 1.0F), rear + at.y * (front - rear));
  });
}

}  // namespace

void PaintVehicleShadow(cv::Mat& canvas, const Setting& setting, const Vehicle& vehicle) {
  const Shape& shape = ShapeOf(vehicle.kind);
  const View& view = setting.world.view;
  const Light& light = setting.light;
  const float arrives = std::exp(-light.extinction * vehicle.z);
  const float soft = 0.5F;
  // Below the body even the sky gives no light.
  PaintAround(canvas, view, vehicle, shape.half_width + soft, -shape.half_length - soft, shape.half_length + soft,
              [&](float side, float ahead) {
                const float off = std::max(std::abs(side) - shape.half_width, std::abs(ahead) - shape.half_length);
                return Paint{{}, 0.85F * arrives * (1.0F - Smooth(-0.25F, soft, off))};
              });
  const Colour flat = light.On({0.0F, 1.0F, 0.0F});
  const float direct = light.sun[1] * light.to_sun[1] / std::max(1e-3F, flat[1]);
  if (direct < 0.05F) return;
  const float length = std::min(4.0F, 0.75F * shape.height / light.to_sun[1]);
  // Of the sun, in the vehicle's own directions.
  const cv::Vec2f sun(light.to_sun[0], light.to_sun[2]);
  const cv::Vec2f right(vehicle.forward[1], -vehicle.forward[0]);
  const float aside = -length * sun.dot(right);
  const float along = -length * sun.dot(vehicle.forward);
  Vehicle moved = vehicle;
  const cv::Vec3f middle = PlaceOf(vehicle, 0.5F * aside, 0.0F, 0.5F * along);
  moved.x = middle[0];
  moved.z = middle[2];
  const float half_width = shape.half_width + 0.5F * std::abs(aside);
  const float half_length = 0.9F * shape.half_length + 0.5F * std::abs(along);
  PaintAround(canvas, view, moved, half_width, -half_length, half_length, [&](float side, float ahead) {
    const float off = std::max(std::abs(side) - half_width, std::abs(ahead) - half_length);
    return Paint{{}, direct * arrives * (1.0F - Smooth(-0.30F, 0.0F, off))};
  });
}

void PaintHeadlightPool(cv::Mat& canvas, const Setting& setting, const Vehicle& vehicle) {
  const Light& light = setting.light;
  if (light.night < 0.3F) return;
  const Shape& shape = ShapeOf(vehicle.kind);
  const float arrives = std::exp(-light.extinction * vehicle.z);
  const float reach = std::min(22.0F, vehicle.forward[1] < 0.0F ? vehicle.z - shape.half_length - 1.2F : 22.0F);
  if (reach < 1.0F) return;
  PaintAround(canvas, setting.world.view, vehicle, 3.2F, shape.half_length, shape.half_length + reach,
              [&](float side, float ahead) {
                const float far = ahead - shape.half_length;
                const float wide = 0.7F + 0.10F * far;
                const float here =
                    std::exp(-side * side / (2.0F * wide * wide) - 0.14F * far) * Smooth(0.0F, 2.0F, far);
                const float edge = 1.0F - Smooth(0.6F, 1.0F, std::max(std::abs(side) / 3.2F, far / reach));
                return Paint{Colour(0.085F, 0.10F, 0.105F) * (here * edge * light.night * arrives), 0.0F};
              });
}

}  // namespace giot::camera
