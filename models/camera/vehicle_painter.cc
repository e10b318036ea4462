#include "models/camera/vehicle_painter.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "models/camera/random.h"

namespace giot::camera {
namespace {

constexpr std::size_t kCornerPoints = 4;
constexpr std::size_t kRingPoints = 4 * kCornerPoints;

struct RingPoint {
  float side;
  float ahead;
  cv::Vec2f out;  // Outward, (side, ahead).
};

// Clockwise from above: front right, rear right, rear left, front left; each corner an arc.
std::array<RingPoint, kRingPoints> PointsOf(const Ring& ring, float corner) {
  const float radius = std::min({corner, 0.9F * ring.half_width, 0.45F * (ring.front - ring.rear)});
  std::array<RingPoint, kRingPoints> points{};
  for (std::size_t i = 0; i < kRingPoints; ++i) {
    const std::size_t quarter = i / kCornerPoints;
    const float turn = static_cast<float>(i % kCornerPoints) / (kCornerPoints - 1) + static_cast<float>(quarter);
    const float angle = 0.5F * std::numbers::pi_v<float> * turn;
    const cv::Vec2f out(std::sin(angle), std::cos(angle));
    const bool right = quarter < 2;
    const bool front = quarter == 0 || quarter == 3;
    points[i] = {(right ? 1.0F : -1.0F) * (ring.half_width - radius) + radius * out[0],
                 (front ? ring.front - radius : ring.rear + radius) + radius * out[1], out};
  }
  return points;
}

// Which way a patch of the skin looks decides what is drawn on it.
enum class Facing { kFront, kRight, kRear, kLeft, kCorner };
Facing FacingOf(std::size_t point) {
  if (point % kCornerPoints != kCornerPoints - 1) return Facing::kCorner;
  constexpr std::array<Facing, 4> kOrder = {Facing::kRight, Facing::kRear, Facing::kLeft, Facing::kFront};
  return kOrder[point / kCornerPoints];
}

class VehiclePainter {
 public:
  VehiclePainter(cv::Mat& canvas, const Setting& setting, const Vehicle& vehicle)
      : canvas_(canvas),
        view_(setting.world.view),
        light_(setting.light),
        noise_(setting.noise),
        vehicle_(vehicle),
        shape_(ShapeOf(vehicle.kind)) {
    Random random(vehicle.seed);
    dirt_ = static_cast<float>(random.Uniform(0.0, 0.5));
    phase_ = static_cast<float>(random.Uniform(0.0, 300.0));
    const auto grey = static_cast<float>(random.Uniform(0.25, 0.75));
    cargo_ = random.Chance(0.6)
                 ? Colour(grey, grey, grey)
                 : Colour(static_cast<float>(random.Uniform(0.03, 0.5)), static_cast<float>(random.Uniform(0.03, 0.4)),
                          static_cast<float>(random.Uniform(0.03, 0.5)));
    yellow_plate_ = random.Chance(0.3);
    // The end that the camera sees.
    sees_front_ = vehicle.forward[1] < 0.0F;
    ground_ = light_.On({0.0F, 1.0F, 0.0F}) * setting.world.road.asphalt;
  }

  void Paint() const {
    PaintTyres();
    // The end that is farther away first.
    const auto& bodies = shape_.bodies;
    for (std::size_t i = 0; i < bodies.size(); ++i) PaintBody(bodies[sees_front_ ? bodies.size() - 1 - i : i]);
    PaintWheels();
    for (const Decal& decal : shape_.decals) {
      if (decal.front == sees_front_) PaintDecal(decal);
    }
  }

 private:
  cv::Vec3f Place(float side, float y, float ahead) const { return PlaceOf(vehicle_, side, y, ahead); }
  cv::Point2f Project(const cv::Vec3f& at) const { return view_.Project(at[0], at[1], at[2]); }
  cv::Vec3f Direction(const cv::Vec2f& out, float up) const {
    const cv::Vec3f across = PlaceOf(vehicle_, out[0], 0.0F, out[1]) - PlaceOf(vehicle_, 0.0F, 0.0F, 0.0F);
    return across * std::sqrt(std::max(0.0F, 1.0F - up * up)) + cv::Vec3f(0.0F, up, 0.0F);
  }
  camera::Paint Arriving(const Colour& colour) const { return {light_.Through(colour, vehicle_.z)}; }

  // Dark rectangles of the tyres that show below the body at this end.
  void PaintTyres() const {
    const float axle = sees_front_ ? shape_.axles.front() : shape_.axles.back();
    const float width = 0.24F * shape_.half_width;
    const Colour rubber = Colour(0.018F, 0.018F, 0.018F).mul(light_.sky * 0.6F);
    for (const float side : {-1.0F, 1.0F}) {
      const float outer = side * (shape_.half_width - 0.03F);
      const float inner = outer - side * width;
      const std::array<cv::Point2f, 4> corners = {Project(Place(outer, 0.0F, axle)), Project(Place(inner, 0.0F, axle)),
                                                  Project(Place(inner, 2.0F * shape_.wheel, axle)),
                                                  Project(Place(outer, 2.0F * shape_.wheel, axle))};
      PaintConvex(canvas_, corners, 0.2F, [&](float, float) { return Arriving(rubber); });
    }
  }

  void PaintBody(const Body& body) const {
    for (std::size_t level = 0; level + 1 < body.rings.size(); ++level) {
      const auto low = PointsOf(body.rings[level], body.corner);
      const auto high = PointsOf(body.rings[level + 1], body.corner);
      for (std::size_t i = 0; i < kRingPoints; ++i) {
        PaintPatch(body.rings[level], body.rings[level + 1], low, high, i);
      }
    }
    PaintRoof(body);
  }

  void PaintPatch(const Ring& ring, const Ring& next, const std::array<RingPoint, kRingPoints>& low,
                  const std::array<RingPoint, kRingPoints>& high, std::size_t i) const {
    const std::size_t j = (i + 1) % kRingPoints;
    const cv::Vec3f a = Place(low[i].side, ring.y, low[i].ahead);
    const cv::Vec3f b = Place(low[j].side, ring.y, low[j].ahead);
    const cv::Vec3f c = Place(high[j].side, next.y, high[j].ahead);
    const cv::Vec3f d = Place(high[i].side, next.y, high[i].ahead);
    const cv::Vec3f first = NormalAt(low[i], high[i], next.y - ring.y);
    const cv::Vec3f second = NormalAt(low[j], high[j], next.y - ring.y);
    const cv::Vec3f eye(0.0F, view_.height, 0.0F);
    const cv::Vec3f middle = (a + b + c + d) * 0.25F;
    if ((first + second).dot(eye - middle) <= 0.0F) return;
    const cv::Vec3f to_eye = cv::normalize(eye - middle);
    const Facing facing = FacingOf(i);
    PaintQuad(canvas_, {Project(a), Project(b), Project(c), Project(d)}, 0.5F, [&](const cv::Point2f& at) {
      const cv::Vec3f normal = cv::normalize(first + (second - first) * at.x);
      const float y = ring.y + (next.y - ring.y) * at.y;
      return Arriving(SkinColour(ring.above, facing, at, y, normal, to_eye));
    });
  }

  cv::Vec3f NormalAt(const RingPoint& low, const RingPoint& high, float rise) const {
    const float inset = (low.side - high.side) * low.out[0] + (low.ahead - high.ahead) * low.out[1];
    return Direction(low.out, inset / std::hypot(inset, rise));
  }

  void PaintRoof(const Body& body) const {
    const Ring& top = body.rings.back();
    if (view_.height <= top.y) return;
    std::array<cv::Point2f, kRingPoints> outline;
    const auto points = PointsOf(top, body.corner);
    for (std::size_t i = 0; i < kRingPoints; ++i) outline[i] = Project(Place(points[i].side, top.y, points[i].ahead));
    const cv::Vec3f up(0.0F, 1.0F, 0.0F);
    const cv::Vec3f to_eye = cv::normalize(cv::Vec3f(-vehicle_.x, view_.height - top.y, -vehicle_.z));
    const float pixel = vehicle_.z / view_.focal;
    PaintConvex(canvas_, outline, 0.5F, [&](float x, float y) {
      return Arriving(SkinColour(top.above, Facing::kCorner, {0.3F * x * pixel, 0.3F * y * pixel}, top.y, up, to_eye));
    });
  }

  Colour SkinColour(Skin skin, Facing facing, const cv::Point2f& at, float y, const cv::Vec3f& normal,
                    const cv::Vec3f& to_eye) const {
    const bool side = facing == Facing::kRight || facing == Facing::kLeft;
    if (skin == Skin::kGlass && !IsPillar(facing, at)) return Glass(at, normal, to_eye);
    Colour albedo = skin == Skin::kPlastic ? Colour(0.03F, 0.03F, 0.03F)
                    : skin == Skin::kCargo ? Cargo(facing, at, y)
                                           : vehicle_.paint;
    if (skin == Skin::kPaint && side) albedo *= DoorLines(at);
    // Dust and spray from below.
    const float grain = noise_.Fractal(at.x * 7.0F + phase_, y * 5.0F, 4);
    const float dust = dirt_ * (1.0F - Smooth(0.15F, 1.1F, y)) * (0.7F + 0.6F * grain);
    albedo = Mixed(albedo, Colour(0.13F, 0.16F, 0.18F), std::clamp(dust, 0.0F, 0.9F)) * (1.0F + 0.05F * grain);
    const float near_ground = 0.55F + 0.45F * Smooth(0.1F, 0.7F, y);
    Colour colour = albedo.mul(light_.On(normal)) * near_ground;
    const float gloss = skin == Skin::kPaint ? 1.0F : 0.25F;
    return colour + Mirrored(at, normal, to_eye, 0.05F, 0.55F) * (gloss * (1.0F - 0.6F * dirt_));
  }

  bool IsPillar(Facing facing, const cv::Point2f& at) const {
    if (at.y > 0.93F || at.y < 0.05F) return true;
    const float edge = std::min(at.x, 1.0F - at.x);
    switch (facing) {
      case Facing::kCorner:
        return true;
      case Facing::kFront:
        return edge < 0.03F;
      case Facing::kRear:
        return edge < 0.06F || vehicle_.kind == VehicleKind::kVan || vehicle_.kind == VehicleKind::kLorry;
      case Facing::kRight:
      case Facing::kLeft:
        break;
    }
    // From the front: x runs backwards on the right side, forwards on the left.
    const float back = facing == Facing::kRight ? at.x : 1.0F - at.x;
    if (vehicle_.kind == VehicleKind::kVan) return back > 0.33F;
    if (vehicle_.kind == VehicleKind::kBus) return ToNearest(back * 7.0F) < 0.05F;
    return edge < 0.04F || std::abs(back - 0.48F) < 0.035F || back > 0.88F;
  }

  Colour Glass(const cv::Point2f& at, const cv::Vec3f& normal, const cv::Vec3f& to_eye) const {
    const float inside = std::max(0.0F, noise_.Fractal(at.x * 3.0F + phase_, at.y * 2.0F + phase_, 3));
    const Colour cabin = Colour(0.05F, 0.05F, 0.05F).mul(light_.sky) * (0.3F + 0.9F * inside);
    return cabin + Mirrored(at, normal, to_eye, 0.10F, 0.65F);
  }

  // What a smooth surface reflects: sky above, trees and houses about the horizon, road below. The share at a
  // right angle and its growth towards grazing follow Schlick 1994.
  Colour Mirrored(const cv::Point2f& at, const cv::Vec3f& normal, const cv::Vec3f& to_eye, float least,
                  float growth) const {
    const float facing = std::clamp(normal.dot(to_eye), 0.0F, 1.0F);
    const float away = 1.0F - facing;
    const float share = least + growth * away * away * away * away;
    const cv::Vec3f ray = normal * (2.0F * normal.dot(to_eye)) - to_eye;
    const float wobble = 0.12F * noise_.Fractal(at.x * 2.5F + 3.0F * ray[0] + phase_, 2.0F * at.y, 3);
    const Colour sky = Mixed(light_.horizon, light_.zenith, Smooth(0.1F, 0.9F, ray[1]));
    const Colour below = Mixed(light_.horizon * 0.18F, ground_, Smooth(0.02F, 0.25F, -ray[1]));
    return Mixed(below, sky, Smooth(0.02F, 0.30F, ray[1] + wobble)) * share;
  }

  Colour Cargo(Facing facing, const cv::Point2f& at, float y) const {
    const bool end = facing == Facing::kRear || facing == Facing::kFront;
    const float ribs = end ? at.x * 2.0F : at.x * 12.0F;
    const float seam = ToNearest(ribs);
    float tone = seam < (end ? 0.015F : 0.04F) ? 0.6F : 1.0F;
    // A lettered stripe.
    const bool stripe = !end && y > 2.0F && y < 2.7F;
    if (stripe && noise_.Cell(static_cast<int>(at.x * 50.0F + phase_), static_cast<int>(y * 8.0F)) > 0.0F)
      tone *= 0.45F;
    return cargo_ * tone;
  }

  static float DoorLines(const cv::Point2f& at) {
    for (const float line : {0.27F, 0.50F, 0.72F}) {
      if (std::abs(at.x - line) < 0.006F) return 0.35F;
    }
    return 1.0F;
  }

  // The wheels of the side that the camera sees.
  void PaintWheels() const {
    const cv::Vec3f right = Direction({1.0F, 0.0F}, 0.0F);
    const float to_right = right.dot(cv::Vec3f(-vehicle_.x, 0.0F, -vehicle_.z));
    if (std::abs(to_right) <= shape_.half_width) return;
    const float side = to_right > 0.0F ? 1.0F : -1.0F;
    const float out = side * (shape_.half_width + 0.005F);
    const Colour shine = light_.On(right * side);
    for (const float axle : shape_.axles) {
      const float reach = 1.16F * shape_.wheel;
      const auto corner = [&](float dx, float dy) {
        return Project(Place(out, shape_.wheel + dy * reach, axle + dx * reach));
      };
      PaintQuad(canvas_, {corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)}, 0.0F,
                [&](const cv::Point2f& at) {
                  const cv::Point2f off(2.32F * at.x - 1.16F, 2.32F * at.y - 1.16F);
                  const float radius = std::hypot(off.x, off.y);
                  if (radius > 1.16F || (radius > 1.0F && off.y < -0.2F)) return camera::Paint{{}, 0.0F};
                  if (radius > 1.0F) return Arriving(Colour(0.008F, 0.008F, 0.008F));
                  if (radius > 0.66F)
                    return Arriving(Colour(0.022F, 0.022F, 0.022F).mul(shine) *
                                    (1.0F + 0.3F * noise_.At(off.x * 9.0F, off.y * 9.0F)));
                  const float spoke = std::cos(5.0F * std::atan2(off.y, off.x) + phase_);
                  return Arriving(
                      (spoke > -0.25F || radius < 0.2F ? Colour(0.36F, 0.36F, 0.35F) : Colour(0.03F, 0.03F, 0.03F))
                          .mul(shine));
                });
    }
  }

  // How far ahead the skin of the visible end lies at a height.
  float EndAt(float y) const {
    const Body& body = sees_front_ ? shape_.bodies.front() : shape_.bodies.back();
    const auto end = [this](const Ring& ring) { return sees_front_ ? ring.front + 0.01F : ring.rear - 0.01F; };
    const Ring* below = &body.rings.front();
    for (const Ring& ring : body.rings) {
      if (ring.y > y) {
        const float share = ring.y > below->y ? std::clamp((y - below->y) / (ring.y - below->y), 0.0F, 1.0F) : 0.0F;
        return end(*below) + share * (end(ring) - end(*below));
      }
      below = &ring;
    }
    return end(*below);
  }

  void PaintDecal(const Decal& decal) const {
    const float low_end = EndAt(decal.low);
    const float high_end = EndAt(decal.high);
    const auto paint = [&](float from, float to) {
      PaintQuad(canvas_,
                {Project(Place(from, decal.low, low_end)), Project(Place(to, decal.low, low_end)),
                 Project(Place(to, decal.high, high_end)), Project(Place(from, decal.high, high_end))},
                0.0F, [&](const cv::Point2f& at) { return FittingPaint(decal.fitting, at); });
    };
    if (decal.inner <= 0.0F) {
      paint(-decal.outer, decal.outer);
    } else {
      paint(decal.inner, decal.outer);
      paint(-decal.inner, -decal.outer);
    }
  }

  camera::Paint FittingPaint(Fitting fitting, const cv::Point2f& at) const {
    const cv::Point2f off(std::abs(2.0F * at.x - 1.0F), std::abs(2.0F * at.y - 1.0F));
    const float out = std::pow(off.x, 4.0F) + std::pow(off.y, 4.0F);
    if (fitting != Fitting::kPlate && out > 1.0F) return {{}, 0.0F};
    const Colour shine = light_.On(Direction({0.0F, sees_front_ ? 1.0F : -1.0F}, 0.0F));
    const float lamp = std::exp(-1.5F * out);
    switch (fitting) {
      case Fitting::kHeadlight: {
        const Colour glass = Colour(0.30F, 0.30F, 0.29F).mul(shine) *
                             (0.6F + 0.8F * std::abs(noise_.At(at.x * 6.0F, at.y * 5.0F + phase_)));
        const float on = light_.headlights_on ? 1.0F + 9.0F * light_.night : 0.15F;
        return Arriving(glass + Colour(0.95F, 1.0F, 1.0F) * (on * lamp));
      }
      case Fitting::kTailLight: {
        const float on = (light_.headlights_on ? 0.25F + 0.8F * light_.night : 0.0F) + (vehicle_.braking ? 1.2F : 0.0F);
        const Colour glass =
            Colour(0.025F, 0.02F, 0.30F).mul(shine) * (0.8F + 0.5F * noise_.At(at.x * 7.0F, at.y * 6.0F));
        return Arriving(glass + Colour(0.05F, 0.07F, 1.3F) * (on * lamp));
      }
      case Fitting::kPlate: {
        const int glyph = static_cast<int>(at.x * 28.0F);
        const bool ink = off.x < 0.9F && off.y < 0.62F && glyph % 4 != 3 &&
                         noise_.Cell(glyph + static_cast<int>(phase_), static_cast<int>(at.y * 7.0F)) > -0.1F;
        const Colour ground = yellow_plate_ ? Colour(0.05F, 0.42F, 0.55F) : Colour(0.58F, 0.58F, 0.58F);
        return Arriving(
            (ink ? Colour(0.03F, 0.03F, 0.03F) : ground).mul(shine + Colour(0.06F, 0.06F, 0.06F) * light_.night));
      }
      case Fitting::kGrille: {
        const float bars = 0.5F + 0.5F * std::cos(at.y * 38.0F);
        return Arriving(Colour(0.05F, 0.05F, 0.05F).mul(shine) * (0.3F + bars));
      }
      case Fitting::kBumper:
        return Arriving(Colour(0.025F, 0.025F, 0.025F).mul(shine));
    }
    return {{}, 0.0F};
  }

  cv::Mat& canvas_;
  const View& view_;
  const Light& light_;
  const NoiseTable& noise_;
  const Vehicle& vehicle_;
  const Shape& shape_;
  float dirt_;
  float phase_;
  Colour cargo_;
  bool yellow_plate_;
  bool sees_front_;
  Colour ground_;
};

}  // namespace

cv::Vec3f PlaceOf(const Vehicle& vehicle, float side, float y, float ahead) {
  const cv::Vec2f& forward = vehicle.forward;
  return {vehicle.x + side * forward[1] + ahead * forward[0], y, vehicle.z - side * forward[0] + ahead * forward[1]};
}

void PaintVehicle(cv::Mat& canvas, const Setting& setting, const Vehicle& vehicle) {
  VehiclePainter(canvas, setting, vehicle).Paint();
}

}  // namespace giot::camera
