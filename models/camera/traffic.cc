#include "models/camera/traffic.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/camera/random.h"
#include "models/camera/vehicle_painter.h"

namespace giot::camera {
namespace {

constexpr float kBehind = -14.0F;
constexpr float kFarthest = 165.0F;

struct Pace {
  double speed;  // Metres a second.
  double gap;    // Metres from one middle to the next.
};

Pace PaceOf(Surroundings surroundings, Random& random) {
  switch (surroundings) {
    case Surroundings::kCountry:
      return {random.Uniform(16, 26), random.Uniform(24, 50)};
    case Surroundings::kSuburb:
      return {random.Uniform(8, 14), random.Uniform(15, 34)};
    case Surroundings::kCity:
      return {random.Uniform(5, 13), random.Uniform(14, 28)};
    case Surroundings::kMotorway:
      return {random.Uniform(22, 34), random.Uniform(20, 42)};
  }
  return {};
}

Colour PaintOf(Random& random) {
  constexpr std::array<std::array<float, 3>, 9> kPaints = {{{0.72F, 0.72F, 0.72F},
                                                            {0.70F, 0.71F, 0.70F},
                                                            {0.38F, 0.38F, 0.37F},
                                                            {0.16F, 0.16F, 0.16F},
                                                            {0.020F, 0.020F, 0.020F},
                                                            {0.018F, 0.016F, 0.016F},
                                                            {0.22F, 0.07F, 0.025F},
                                                            {0.03F, 0.03F, 0.34F},
                                                            {0.30F, 0.37F, 0.42F}}};
  const auto& paint = kPaints[static_cast<std::size_t>(random.Integer(0, 8))];
  return {paint[0], paint[1], paint[2]};
}

VehicleKind KindOf(bool slow_lane, Random& random) {
  const double pick = random.Uniform();
  if (pick < 0.32) return VehicleKind::kHatchback;
  if (pick < 0.58) return VehicleKind::kSaloon;
  if (pick < 0.80 || !slow_lane) return VehicleKind::kSuv;
  if (pick < 0.90) return VehicleKind::kVan;
  return pick < 0.97 ? VehicleKind::kLorry : VehicleKind::kBus;
}

// Those of one lane; `direction` is 1 for driving away.
void AddLane(const World& world, float u, float direction, bool slow, std::uint64_t seed, double seconds,
             std::vector<Vehicle>& traffic) {
  Random random(seed);
  const Pace pace = PaceOf(world.surroundings, random);
  const double busy = random.Uniform(0.45, 0.95);
  const int slots = static_cast<int>(std::ceil(static_cast<double>(kFarthest - kBehind) / pace.gap));
  const double length = slots * pace.gap;
  const double driven = random.Uniform(0.0, length) + static_cast<double>(direction) * pace.speed * seconds;
  for (int slot = 0; slot < slots; ++slot) {
    Random own(Derive(seed, static_cast<std::uint64_t>(slot)));
    const bool there = own.Chance(busy);
    const double at = driven + pace.gap * (slot + 0.25 * own.Uniform(-0.5, 0.5));
    const auto z = static_cast<float>(static_cast<double>(kBehind) + at - length * std::floor(at / length));
    if (!there || z > kFarthest) continue;
    const float slope = world.road.SlopeAt(z);
    const float along = direction / std::sqrt(1.0F + slope * slope);
    const float drift = 0.3F * static_cast<float>(own.Uniform(-1.0, 1.0));
    Vehicle vehicle{.kind = KindOf(slow, own),
                    .x = world.road.MiddleAt(z) + u + drift,
                    .z = z,
                    .forward = {slope * along, along},
                    .paint = PaintOf(own),
                    .braking = own.Chance(0.15),
                    .seed = own.Next()};
    // What reaches behind the camera cannot be projected; straight ahead others keep their distance.
    const bool ahead = std::abs(vehicle.x) < 2.0F && world.view.height < 3.0F;
    const float reach = ShapeOf(vehicle.kind).half_length + (ahead ? 4.5F : 1.5F);
    if (z > reach) traffic.push_back(vehicle);
  }
}

cv::Rect BoxOf(const View& view, const Vehicle& vehicle) {
  const Shape& shape = ShapeOf(vehicle.kind);
  float left = 1e9F;
  float right = -1e9F;
  float top = 1e9F;
  float bottom = -1e9F;
  const auto include = [&](float side, float y, float ahead) {
    const cv::Vec3f at = PlaceOf(vehicle, side, y, ahead);
    const cv::Point2f point = view.Project(at[0], at[1], at[2]);
    left = std::min(left, point.x);
    right = std::max(right, point.x);
    top = std::min(top, point.y);
    bottom = std::max(bottom, point.y);
  };
  for (const Body& body : shape.bodies) {
    for (const Ring& ring : body.rings) {
      for (const float side : {-ring.half_width, ring.half_width}) {
        for (const float ahead : {ring.rear, ring.front}) include(side, ring.y, ahead);
      }
    }
  }
  for (const float axle : shape.axles) include(shape.half_width, 0.0F, axle);
  const cv::Rect box(cvFloor(left), cvFloor(top), cvCeil(right) - cvFloor(left), cvCeil(bottom) - cvFloor(top));
  return box & cv::Rect({0, 0}, view.size);
}

bool HiddenBehind(const cv::Rect& box, const std::vector<cv::Rect>& nearer) {
  constexpr double kPart = 0.6;
  return std::any_of(nearer.begin(), nearer.end(),
                     [&box](const cv::Rect& other) { return (box & other).area() > kPart * box.area(); });
}

}  // namespace

std::vector<Vehicle> TrafficAt(const World& world, double seconds) {
  const Road& road = world.road;
  std::vector<Vehicle> traffic;
  for (int lane = -road.lanes_oncoming; lane < road.lanes_ahead; ++lane) {
    const float u = road.lane_width * (static_cast<float>(lane) + 0.5F);
    const float direction = lane < 0 ? -1.0F : 1.0F;
    const bool slow = lane == road.lanes_ahead - 1 || lane == -road.lanes_oncoming;
    AddLane(world, u, direction, slow, Derive(world.seed, 60 + static_cast<std::uint64_t>(lane + 16)), seconds,
            traffic);
  }
  std::stable_sort(traffic.begin(), traffic.end(), [](const Vehicle& a, const Vehicle& b) { return a.z < b.z; });
  return traffic;
}

void PaintShadows(cv::Mat& canvas, const Setting& setting, const std::vector<Vehicle>& traffic) {
  for (auto vehicle = traffic.rbegin(); vehicle != traffic.rend(); ++vehicle) {
    PaintVehicleShadow(canvas, setting, *vehicle);
    PaintHeadlightPool(canvas, setting, *vehicle);
  }
}

void AddVehicles(const Setting& setting, const std::vector<Vehicle>& traffic, Items& items) {
  for (const Vehicle& vehicle : traffic) {
    items.push_back({vehicle.z, [&setting, vehicle](cv::Mat& canvas) { PaintVehicle(canvas, setting, vehicle); }});
  }
}

std::vector<cv::Rect> BoxesOf(const World& world, const Light& light, const std::vector<Vehicle>& traffic) {
  constexpr int kLeastSide = 6;
  constexpr float kLeastContrast = 0.05F;
  std::vector<cv::Rect> boxes;
  for (const Vehicle& vehicle : traffic) {
    if (std::exp(-light.extinction * vehicle.z) < kLeastContrast) break;
    const cv::Rect box = BoxOf(world.view, vehicle);
    if (box.width < kLeastSide || box.height < kLeastSide || HiddenBehind(box, boxes)) continue;
    boxes.push_back(box);
  }
  return boxes;
}

}  // namespace giot::camera
