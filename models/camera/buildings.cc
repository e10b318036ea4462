#include "models/camera/buildings.h"

#include <array>
#include <cmath>

#include "models/camera/random.h"

namespace giot::camera {
namespace {

constexpr float kNearest = 1.2F;  // What lies nearer to the camera's plane is cut off.

// How walls and windows look, the same on all sides.
class Facade {
 public:
  Facade(const Setting& setting, std::uint64_t seed) : light_(setting.light), noise_(setting.noise) {
    Random random(seed);
    constexpr std::array<std::array<float, 3>, 6> kWalls = {{{0.16F, 0.20F, 0.34F},
                                                             {0.36F, 0.44F, 0.50F},
                                                             {0.50F, 0.52F, 0.52F},
                                                             {0.28F, 0.30F, 0.31F},
                                                             {0.25F, 0.36F, 0.48F},
                                                             {0.40F, 0.38F, 0.34F}}};
    const auto& wall = kWalls[static_cast<std::size_t>(random.Integer(0, 5))];
    wall_ = Colour(wall[0], wall[1], wall[2]) * static_cast<float>(random.Uniform(0.6, 1.0));
    brick_ = random.Chance(0.45);
    floor_ = static_cast<float>(random.Uniform(2.7, 3.6));
    spacing_ = static_cast<float>(random.Uniform(1.9, 3.6));
    window_width_ = static_cast<float>(random.Uniform(0.35, 0.75));
    window_height_ = static_cast<float>(random.Uniform(0.40, 0.68));
    shop_ = random.Chance(0.4);
    phase_ = random.Integer(0, 400);
  }

  // `along` and `up` in metres; `pixel` the metres that one spans.
  Colour At(float along, float up, float height, const cv::Vec3f& normal, float pixel) const {
    const float column = along / spacing_;
    const float level = up / floor_;
    const float s = Fraction(column) - 0.5F;
    const float t = Fraction(level) - 0.5F;
    const bool ground = up < floor_;
    const float half_width = 0.5F * (ground && shop_ ? 0.86F : window_width_);
    const float half_height = 0.5F * (ground && shop_ ? 0.74F : window_height_);
    const float soft = 0.02F + pixel;
    const float inside = std::min((half_width - std::abs(s)) * spacing_, (half_height - std::abs(t)) * floor_);
    const float opening = Smooth(-soft, soft, inside - 0.03F);
    const bool cornice = up > height - 0.5F;
    Colour colour;
    // Most pixels are all wall or all glass.
    if (opening < 1.0F || cornice) {
      const Colour shine = light_.On(normal);
      colour = Wall(along, up, pixel).mul(shine);
      if (cornice) return colour * (up > height - 0.12F ? 1.25F : 0.8F);
      const float frame = Smooth(-soft - 0.07F, soft - 0.07F, inside);
      colour = Mixed(colour, Colour(0.5F, 0.5F, 0.5F).mul(shine), 0.7F * frame);
    }
    if (opening <= 0.0F) return colour;
    return Mixed(colour, Glass(Floor(column) + phase_, Floor(level), s, t, normal), opening);
  }

 private:
  Colour Wall(float along, float up, float pixel) const {
    const float stains = 0.16F * noise_.Fractal(along * 0.35F + static_cast<float>(phase_), up * 0.15F, 2);
    const float grain = (0.14F * noise_.At(along * 14.0F, up * 14.0F) + 0.16F * noise_.At(along * 45.0F, up * 45.0F)) /
                        (1.0F + 6.0F * pixel);
    float tone = 1.0F + stains + grain;
    if (brick_) tone *= Bricks(along, up, pixel);
    return wall_ * tone;
  }

  float Bricks(float along, float up, float pixel) const {
    const float course = up / 0.16F;
    const float shifted = along / 0.34F + (Floor(course) % 2 == 0 ? 0.0F : 0.5F);
    const float one = noise_.Cell(Floor(shifted), Floor(course) + phase_);
    const bool joint = Fraction(course) < 0.14F || Fraction(shifted) < 0.07F;
    const float seen = 1.0F / (1.0F + 12.0F * pixel);
    return 1.0F + seen * ((joint ? 0.30F : 0.0F) + 0.17F * one);
  }

  Colour Glass(int column, int level, float s, float t, const cv::Vec3f& normal) const {
    const float one = noise_.Cell(column, level + 57);
    const float reflects =
        0.25F + 0.30F * noise_.Fractal(static_cast<float>(column) + s, static_cast<float>(level) + t, 2);
    Colour glass = light_.horizon * std::max(0.02F, 0.35F * reflects * (0.7F + 0.6F * t)) +
                   Colour(0.02F, 0.02F, 0.018F).mul(light_.On(normal));
    const bool curtain = one > 0.35F && std::abs(s) > 0.12F;
    if (curtain) glass += Colour(0.22F, 0.23F, 0.24F).mul(light_.On(normal)) * (0.4F + 0.2F * std::sin(s * 90.0F));
    const float lit = noise_.Cell(column + 191, level);
    if (lit > 0.4F)
      glass += Colour(0.03F, 0.075F, 0.11F) * (light_.night * (1.0F + 0.7F * one) * (0.7F + 0.5F * reflects));
    return glass;
  }

  const Light& light_;
  const NoiseTable& noise_;
  Colour wall_;
  bool brick_;
  float floor_;
  float spacing_;
  float window_width_;
  float window_height_;
  bool shop_;
  int phase_;
};

class BuildingPainter {
 public:
  BuildingPainter(const Setting& setting, const Building& building)
      : setting_(setting),
        view_(setting.world.view),
        light_(setting.light),
        building_(building),
        facade_(setting, building.seed) {
    outward_ = building.near_x > 0.0F ? 1.0F : -1.0F;
    far_x_ = building.near_x + outward_ * building.depth;
    front_ = std::max(building.front, kNearest);
    Random random(Derive(building.seed, 3));
    roof_ = Mixed(Colour(0.07F, 0.09F, 0.20F), Colour(0.10F, 0.10F, 0.11F), static_cast<float>(random.Uniform()));
    ridge_ = building.height + 0.38F * building.depth;
  }

  void Paint(cv::Mat& canvas) const {
    if (building_.gable) PaintRoof(canvas);
    PaintSide(canvas);
    if (building_.front >= kNearest) PaintEnd(canvas);
  }

 private:
  void PaintSide(cv::Mat& canvas) const {
    const float x = building_.near_x;
    const float h = building_.height;
    const std::array<cv::Point2f, 4> corners = {view_.Project(x, 0, front_), view_.Project(x, 0, building_.back),
                                                view_.Project(x, h, building_.back), view_.Project(x, h, front_)};
    const cv::Vec3f normal(-outward_, 0.0F, 0.0F);
    PaintQuad(canvas, corners, 0.3F, [&](const cv::Point2f& at) {
      const float z = front_ + at.x * (building_.back - front_);
      return camera::Paint{light_.Through(facade_.At(z, at.y * h, h, normal, z / view_.focal), z)};
    });
  }

  void PaintEnd(cv::Mat& canvas) const {
    const float z = building_.front;
    const float h = building_.height;
    const float low = std::min(building_.near_x, far_x_);
    const std::array<cv::Point2f, 4> corners = {view_.Project(low, 0, z), view_.Project(low + building_.depth, 0, z),
                                                view_.Project(low + building_.depth, h, z), view_.Project(low, h, z)};
    const cv::Vec3f normal(0.0F, 0.0F, -1.0F);
    const float pixel = z / view_.focal;
    const auto shade = [&](float across, float up) {
      return camera::Paint{light_.Through(facade_.At(across, up, h, normal, pixel), z)};
    };
    PaintQuad(canvas, corners, 0.3F, [&](const cv::Point2f& at) { return shade(at.x * building_.depth, at.y * h); });
    if (!building_.gable) return;
    const std::array<cv::Point2f, 3> gable = {view_.Project(low, h, z), view_.Project(low + building_.depth, h, z),
                                              view_.Project(low + 0.5F * building_.depth, ridge_, z)};
    const Colour wall = facade_.At(0.0F, h - 0.3F, h, normal, pixel) * 1.1F;
    PaintConvex(canvas, gable, 0.3F, [&](float px, float py) {
      const float grain = 1.0F + 0.2F * setting_.noise.Fractal(px * pixel * 6.0F, py * pixel * 6.0F, 3);
      return camera::Paint{light_.Through(wall * grain, z)};
    });
  }

  void PaintRoof(cv::Mat& canvas) const {
    const float eaves = building_.near_x - 0.4F * outward_;
    const float middle = 0.5F * (building_.near_x + far_x_);
    const float h = building_.height - 0.15F;
    const std::array<cv::Point2f, 4> corners = {
        view_.Project(eaves, h, front_), view_.Project(eaves, h, building_.back),
        view_.Project(middle, ridge_, building_.back), view_.Project(middle, ridge_, front_)};
    const Colour shine = light_.On(cv::normalize(cv::Vec3f(-outward_ * 0.6F, 0.8F, 0.0F)));
    PaintQuad(canvas, corners, 0.3F, [&](const cv::Point2f& at) {
      const float z = front_ + at.x * (building_.back - front_);
      const float up = at.y * building_.depth * 0.6F;
      const float seen = 1.0F / (1.0F + 0.15F * z);
      const float tile = setting_.noise.Cell(Floor(z / 0.3F), Floor(up / 0.35F));
      const float tone = 1.0F + 0.25F * setting_.noise.Fractal(z, up, 4) + 0.25F * seen * tile;
      return camera::Paint{light_.Through(roof_.mul(shine) * tone, z)};
    });
  }

  const Setting& setting_;
  const View& view_;
  const Light& light_;
  Building building_;
  Facade facade_;
  float outward_;
  float far_x_;
  float front_;
  float ridge_;
  Colour roof_;
};

}  // namespace

Item BuildingItem(const Setting& setting, const Building& building) {
  return {building.front, [&setting, building](cv::Mat& canvas) { BuildingPainter(setting, building).Paint(canvas); }};
}

}  // namespace giot::camera
