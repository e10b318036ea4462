#pragma once

#include <vector>

namespace giot::camera {

enum class VehicleKind { kHatchback, kSaloon, kSuv, kVan, kLorry, kBus };
inline constexpr int kVehicleKinds = 6;

enum class Skin { kPaint, kPlastic, kGlass, kCargo };

// A rounded rectangle seen from above, at a height; metres, ahead of the vehicle's middle.
struct Ring {
  float y = 0.0F;
  float half_width = 0.0F;
  float front = 0.0F;
  float rear = 0.0F;
  Skin above = Skin::kPaint;  // Of the surface from here to the next ring; of the last, the roof.
};

// A skin over rings from the lowest to the highest.
struct Body {
  float corner = 0.3F;  // Radius, metres.
  std::vector<Ring> rings;
};

// A rectangle on the front or the rear, on one side's half: mirrored to the other.
enum class Fitting { kHeadlight, kTailLight, kPlate, kGrille, kBumper };
struct Decal {
  Fitting fitting;
  bool front;
  float inner;  // Distance from the middle, metres.
  float outer;
  float low;
  float high;
};

struct Shape {
  std::vector<Body> bodies;  // From the front to the rear, at most one above another.
  std::vector<Decal> decals;
  std::vector<float> axles;  // Ahead of the middle.
  float wheel = 0.31F;       // Radius.
  float half_width = 0.9F;
  float half_length = 2.1F;
  float height = 1.45F;
};

const Shape& ShapeOf(VehicleKind kind);

}  // namespace giot::camera
