#include "models/camera/furniture.h"

#include <array>
#include <cmath>

#include "models/camera/random.h"

namespace giot::camera {
namespace {

constexpr float kFarthest = 160.0F;

enum class Material { kConcrete, kSteel, kHedge };

struct Strip {
  float u;
  float low;  // Metres above the ground.
  float high;
  Material material;
};

Colour Shade(const Setting& setting, Material material, float along, float up, float z) {
  const NoiseTable& noise = setting.noise;
  const float side = setting.world.road.MiddleAt(0.0F) > 0.0F ? 1.0F : -1.0F;
  const float near = 1.0F / (1.0F + 0.04F * z);
  switch (material) {
    case Material::kConcrete: {
      const float stains =
          0.2F * noise.Fractal(along * 0.7F, up * 1.5F, 4) + 0.25F * near * noise.At(along * 28.0F, up * 28.0F);
      return Colour(0.38F, 0.40F, 0.41F).mul(setting.light.On({0.8F * side, 0.2F, -0.5F})) * (1.0F + stains);
    }
    case Material::kSteel: {
      // The rail's two waves catch the sky on their upper flanks.
      const float wave = std::sin(up * 4.0F * 3.1416F);
      const float dull = 1.0F + 0.15F * noise.Fractal(along * 1.3F, up * 4.0F, 4);
      return Colour(0.34F, 0.33F, 0.32F).mul(setting.light.On({0.7F * side, 0.4F * wave, -0.4F})) *
             ((0.95F + 0.35F * wave) * dull);
    }
    case Material::kHedge: {
      const float leaves =
          noise.Fractal(along * 1.6F, up * 3.0F, 4) + 0.5F * near * noise.At(along * 17.0F, up * 19.0F);
      return Colour(0.030F, 0.105F, 0.070F).mul(setting.light.On({0.5F * side, 0.6F, -0.5F})) *
             std::max(0.12F, 0.6F + 0.4F * up + 1.0F * leaves);
    }
  }
  return {};
}

Item Piece(const Setting& setting, const Strip& strip, float from, float to) {
  return {0.5F * (from + to), [&setting, strip, from, to](cv::Mat& canvas) {
            const View& view = setting.world.view;
            const float near_x = setting.world.road.MiddleAt(from) + strip.u;
            const float far_x = setting.world.road.MiddleAt(to) + strip.u;
            if (strip.material == Material::kSteel) {
              const float half = 0.06F;
              const std::array<cv::Point2f, 4> post = {
                  view.Project(near_x - half, 0.0F, from), view.Project(near_x + half, 0.0F, from),
                  view.Project(near_x + half, strip.high, from), view.Project(near_x - half, strip.high, from)};
              const Colour grey = setting.light.Through(Colour(0.16F, 0.16F, 0.16F).mul(setting.light.sky), from);
              PaintConvex(canvas, post, 0.0F, [&](float, float) { return Paint{grey}; });
            }
            const std::array<cv::Point2f, 4> corners = {
                view.Project(near_x, strip.low, from), view.Project(far_x, strip.low, to),
                view.Project(far_x, strip.high, to), view.Project(near_x, strip.high, from)};
            PaintQuad(canvas, corners, 0.4F, [&](const cv::Point2f& at) {
              const float z = from + at.x * (to - from);
              return Paint{setting.light.Through(Shade(setting, strip.material, z, at.y, z), z)};
            });
          }};
}

void AddStrip(const Setting& setting, const Strip& strip, Items& items) {
  float from = 1.6F;
  while (from < kFarthest) {
    // Pieces as long as the view is fine.
    const float to = from + std::max(2.0F, 0.06F * from);
    items.push_back(Piece(setting, strip, from, to));
    from = to;
  }
}

void PaintPole(cv::Mat& canvas, const Setting& setting, float x, float z, float height, float width) {
  const View& view = setting.world.view;
  const std::array<cv::Point2f, 4> corners = {view.Project(x - width, 0, z), view.Project(x + width, 0, z),
                                              view.Project(x + 0.6F * width, height, z),
                                              view.Project(x - 0.6F * width, height, z)};
  PaintQuad(canvas, corners, 0.0F, [&](const cv::Point2f& at) {
    const float round = 2.0F * at.x - 1.0F;
    const cv::Vec3f normal(round, 0.0F, -std::sqrt(std::max(0.0F, 1.0F - round * round)));
    return Paint{setting.light.Through(Colour(0.26F, 0.27F, 0.27F).mul(setting.light.On(normal)), z)};
  });
}

Item LampItem(const Setting& setting, float x, float z, float inward) {
  return {z, [&setting, x, z, inward](cv::Mat& canvas) {
            const View& view = setting.world.view;
            const Light& light = setting.light;
            const float height = setting.lamps.height;
            PaintPole(canvas, setting, x, z, height, 0.09F);
            const float tip = x + inward * 1.6F;
            const auto bar = [&](float from, float to, float y, float thick, const Colour& colour) {
              const std::array<cv::Point2f, 4> corners = {view.Project(from, y, z), view.Project(to, y, z),
                                                          view.Project(to, y + thick, z),
                                                          view.Project(from, y + thick, z)};
              PaintConvex(canvas, corners, 0.0F, [&](float, float) { return Paint{light.Through(colour, z)}; });
            };
            bar(x, tip, height, 0.08F, Colour(0.2F, 0.2F, 0.2F).mul(light.sky));
            const Colour glow = light.lamps_on ? Colour(1.6F, 3.0F, 4.2F) * (0.3F + 0.7F * light.night)
                                               : Colour(0.3F, 0.3F, 0.3F).mul(light.sky);
            bar(tip - inward * 0.7F, tip, height - 0.06F, 0.16F, glow);
          }};
}

struct Sign {
  float x;
  float z;
  float width;
  float height;
  float foot;  // Of the board above the ground.
  Colour colour;
  bool round;
};

Item SignItem(const Setting& setting, const Sign& sign) {
  return {sign.z, [&setting, sign](cv::Mat& canvas) {
            const View& view = setting.world.view;
            const Light& light = setting.light;
            PaintPole(canvas, setting, sign.x, sign.z, sign.foot + sign.height, 0.05F);
            const float half = 0.5F * sign.width;
            const std::array<cv::Point2f, 4> corners = {view.Project(sign.x - half, sign.foot, sign.z),
                                                        view.Project(sign.x + half, sign.foot, sign.z),
                                                        view.Project(sign.x + half, sign.foot + sign.height, sign.z),
                                                        view.Project(sign.x - half, sign.foot + sign.height, sign.z)};
            const Colour shine = light.On({0.0F, 0.1F, -1.0F}) + Colour(0.1F, 0.1F, 0.1F) * light.night;
            PaintQuad(canvas, corners, 0.0F, [&](const cv::Point2f& at) {
              const cv::Point2f off(2.0F * at.x - 1.0F, 2.0F * at.y - 1.0F);
              const float out = sign.round ? std::hypot(off.x, off.y) : std::max(std::abs(off.x), std::abs(off.y));
              if (out > 1.0F) return Paint{{}, 0.0F};
              const bool rim = out > (sign.round ? 0.78F : 0.93F);
              // Rows of strokes stand for letters.
              const float row = Fraction(at.y * 5.0F);
              const bool letters = !rim && std::abs(off.x) < 0.75F && std::abs(off.y) < 0.7F && row > 0.35F &&
                                   row < 0.8F &&
                                   setting.noise.Cell(static_cast<int>(at.x * 38.0F),
                                                      static_cast<int>(at.y * 5.0F) + static_cast<int>(sign.z)) > 0.1F;
              const Colour white(0.62F, 0.62F, 0.62F);
              const Colour face = sign.round ? white : sign.colour;
              const Colour ink = sign.round ? Colour(0.03F, 0.03F, 0.03F) : white;
              return Paint{light.Through((rim       ? (sign.round ? sign.colour : white)
                                          : letters ? ink
                                                    : face)
                                             .mul(shine),
                                         sign.z)};
            });
          }};
}

}  // namespace

void AddStrips(const Setting& setting, Items& items) {
  const Road& road = setting.world.road;
  Random random(Derive(setting.world.seed, 41));
  const float left = road.left() - road.shoulder;
  const float right = road.right() + road.shoulder;
  const auto both = [&](float gap, float low, float high, Material material) {
    AddStrip(setting, {left - gap, low, high, material}, items);
    AddStrip(setting, {right + gap, low, high, material}, items);
  };
  switch (road.edge) {
    case Edge::kGrass:
      break;
    case Edge::kKerb:
      both(0.02F, 0.0F, 0.12F, Material::kConcrete);
      if (setting.world.surroundings == Surroundings::kSuburb && random.Chance(0.6)) {
        both(road.pavement + 0.8F, 0.0F, static_cast<float>(random.Uniform(0.8, 1.6)), Material::kHedge);
      }
      break;
    case Edge::kGuardRail:
      both(0.5F, 0.42F, 0.76F, Material::kSteel);
      break;
    case Edge::kBarrier:
      both(0.3F, 0.0F, static_cast<float>(random.Uniform(0.8, 1.1)), Material::kConcrete);
      break;
  }
}

void AddPosts(const Setting& setting, Items& items) {
  const Road& road = setting.world.road;
  const LampRow& lamps = setting.lamps;
  const float outside = road.shoulder + 0.6F;
  for (int lamp = 0; lamps.spacing > 0.0F && lamp < 8; ++lamp) {
    const float z = lamps.first + lamps.spacing * static_cast<float>(lamp);
    const bool on_right = lamp % 2 == 0;
    const float u = on_right ? road.right() + outside : road.left() - outside;
    items.push_back(LampItem(setting, road.MiddleAt(z) + u, z, on_right ? -1.0F : 1.0F));
  }
  Random random(Derive(setting.world.seed, 42));
  const bool motorway = setting.world.surroundings == Surroundings::kMotorway;
  const int signs = random.Integer(0, 3);
  for (int sign = 0; sign < signs; ++sign) {
    const auto z = static_cast<float>(random.Uniform(14.0, 80.0));
    const bool round = !motorway && random.Chance(0.6);
    const float side = motorway ? 2.6F : 0.7F;
    const float u = random.Chance(0.7) ? road.right() + outside + side : road.left() - outside - side;
    const Colour colour = round      ? Colour(0.05F, 0.05F, 0.45F)
                          : motorway ? Colour(0.40F, 0.14F, 0.03F)
                                     : Colour(0.08F, 0.26F, 0.06F);
    items.push_back(SignItem(setting, {.x = road.MiddleAt(z) + u,
                                       .z = z,
                                       .width = motorway ? 3.4F
                                                : round  ? 0.7F
                                                         : 0.9F,
                                       .height = motorway ? 2.2F
                                                 : round  ? 0.7F
                                                          : 0.6F,
                                       .foot = motorway ? 2.4F : 2.0F,
                                       .colour = colour,
                                       .round = round}));
  }
}

}  // namespace giot::camera
