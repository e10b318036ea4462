#pragma once

#include <cstdint>
#include <opencv2/core/types.hpp>

#include "models/camera/scene.h"

namespace giot::camera {

// A pinhole camera at height `height` over the origin of a flat world: x right, y up, z ahead; metres. It looks
// level, and its image is cut out so that the horizon lies where it does.
struct View {
  cv::Size size;
  float focal = 0.0F;    // Pixels.
  float horizon = 0.0F;  // Row.
  float middle = 0.0F;   // Column of straight ahead.
  float height = 0.0F;

  cv::Point2f Project(float x, float y, float z) const {
    return {middle + focal * x / z, horizon + focal * (height - y) / z};
  }
};

enum class Surroundings { kCountry, kSuburb, kCity, kMotorway };
enum class Edge { kGrass, kKerb, kGuardRail, kBarrier };

// Lateral positions u are metres right of the road's middle.
struct Road {
  float lane_width = 3.5F;
  int lanes_ahead = 1;     // Right of the middle, where traffic drives away.
  int lanes_oncoming = 1;  // Left of it; 0 for a carriageway of one direction.
  float shoulder = 0.5F;   // Asphalt beyond the outer lanes.
  float pavement = 0.0F;   // Width beyond the edge.
  Edge edge = Edge::kGrass;
  float start = 0.0F;      // x of the middle where z = 0.
  float heading = 0.0F;    // dx/dz there.
  float curvature = 0.0F;  // Per metre.
  float asphalt = 0.14F;   // Albedo.
  float wear = 0.3F;       // Of the marks, share.
  bool yellow_middle = false;
  float dash = 3.0F;  // Metres of mark, and
  float gap = 6.0F;   // of none.

  float MiddleAt(float z) const {
    // Straight on from there, so that the far distance stays in view.
    const float bent = z < kBend ? 0.5F * z * z : 0.5F * kBend * kBend + kBend * (z - kBend);
    return start + heading * z + curvature * bent;
  }
  float SlopeAt(float z) const { return heading + curvature * (z < kBend ? z : kBend); }
  float left() const { return lanes_oncoming > 0 ? -lane_width * static_cast<float>(lanes_oncoming) : 0.0F; }
  float right() const { return lane_width * static_cast<float>(lanes_ahead); }

  static constexpr float kBend = 220.0F;
};

struct World {
  View view;
  Road road;
  Surroundings surroundings = Surroundings::kCountry;
  std::uint64_t seed = 0;
};

World WorldOf(const SceneOptions& options);

}  // namespace giot::camera
