#include "models/camera/trees.h"

#include <array>
#include <cmath>
#include <cstddef>

#include "models/camera/random.h"

namespace giot::camera {
namespace {

struct Puff {
  float x;  // Metres from the foot.
  float y;
  float radius;
};
constexpr std::size_t kPuffs = 11;

class Crown {
 public:
  Crown(const Tree& tree, const NoiseTable& noise) : tree_(tree), noise_(noise) {
    Random random(tree.seed);
    phase_ = static_cast<float>(random.Uniform(0.0, 400.0));
    const auto hue = static_cast<float>(random.Uniform(0.0, 1.0));
    albedo_ = tree.conifer ? Mixed(Colour(0.030F, 0.065F, 0.040F), Colour(0.045F, 0.085F, 0.060F), hue)
                           : Mixed(Colour(0.030F, 0.120F, 0.075F), Colour(0.045F, 0.150F, 0.140F), hue);
    const float middle = (tree.bush ? 0.5F : 0.62F) * tree.height;
    const float half_width = (tree.bush ? 0.75F : 0.36F) * tree.height;
    const float half_height = (tree.bush ? 0.5F : 0.38F) * tree.height;
    for (Puff& puff : puffs_) {
      const double angle = random.Uniform(0.0, 6.2832);
      const double reach = 0.75 * std::sqrt(random.Uniform());
      puff = {half_width * static_cast<float>(reach * std::cos(angle)),
              middle + half_height * static_cast<float>(reach * std::sin(angle)),
              half_height * static_cast<float>(random.Uniform(0.32, 0.60))};
    }
  }

  float half_width() const { return (tree_.bush ? 1.1F : tree_.conifer ? 0.28F : 0.52F) * tree_.height; }

  // At metres right of and above the foot; `pixel` metres wide.
  Paint At(float x, float y, float pixel, const Light& light) const {
    cv::Vec2f out;
    const float inside = tree_.conifer ? Cone(x, y, out) : Puffs(x, y, out);
    if (inside < -0.9F) return {{}, 0.0F};
    const float seen = 1.0F / (1.0F + 2.0F * pixel);
    const float boughs = noise_.Fractal(x * 1.1F + phase_, y * 1.3F, 3);
    const float leaves = noise_.At(x * 9.0F + phase_, y * 9.0F) + 0.7F * noise_.At(x * 23.0F, y * 23.0F + phase_);
    const float cover = Smooth(0.0F, 0.16F, inside + 0.75F * boughs + 0.22F * leaves * seen);
    if (cover <= 0.0F) return {{}, 0.0F};
    const float up = std::clamp(0.5F + 0.5F * out[1] + 0.5F * boughs, 0.0F, 1.0F);
    const float facing = out[0] * light.to_sun[0] + out[1] * light.to_sun[1] - 0.35F * light.to_sun[2];
    const float lit = std::clamp(0.35F + 0.6F * facing + 0.7F * boughs, 0.03F, 1.0F);
    const Colour shine = light.sky * (0.25F + 0.75F * up) + light.sun * lit;
    return Translucent(albedo_.mul(shine) * std::max(0.12F, 1.0F + 0.75F * leaves * seen), cover);
  }

 private:
  // Above 0 inside the outline; `out` is the direction away from the nearest middle, within the unit disk.
  float Puffs(float x, float y, cv::Vec2f& out) const {
    float inside = -10.0F;
    for (const Puff& puff : puffs_) {
      const float dx = (x - puff.x) / puff.radius;
      const float dy = (y - puff.y) / puff.radius;
      const float here = 1.0F - dx * dx - dy * dy;
      if (here <= inside) continue;
      inside = here;
      out = {dx, dy};
    }
    return inside;
  }

  float Cone(float x, float y, cv::Vec2f& out) const {
    const float height = y / tree_.height;
    // Whorls of branches droop over each other.
    const float whorl = Fraction(height * 9.0F);
    const float half = (1.0F - height) * (0.26F - 0.07F * whorl) * tree_.height;
    out = {x / std::max(half, 0.1F), 0.3F - 0.6F * whorl};
    if (height < 0.08F || height > 1.0F) return -10.0F;
    return 0.9F * (1.0F - std::abs(x) / std::max(half, 0.05F));
  }

  const Tree& tree_;
  const NoiseTable& noise_;
  float phase_;
  Colour albedo_;
  std::array<Puff, kPuffs> puffs_{};
};

void PaintTrunk(cv::Mat& canvas, const Setting& setting, const Tree& tree) {
  const View& view = setting.world.view;
  const float half = 0.022F * tree.height + 0.05F;
  const float top = 0.6F * tree.height;
  const std::array<cv::Point2f, 4> corners = {
      view.Project(tree.x - half, 0.0F, tree.z), view.Project(tree.x + half, 0.0F, tree.z),
      view.Project(tree.x + 0.6F * half, top, tree.z), view.Project(tree.x - 0.6F * half, top, tree.z)};
  const Light& light = setting.light;
  PaintQuad(canvas, corners, 0.0F, [&](const cv::Point2f& at) {
    const float round = 2.0F * at.x - 1.0F;
    const cv::Vec3f normal(round, 0.0F, -std::sqrt(std::max(0.0F, 1.0F - round * round)));
    const float bark = 1.0F + 0.6F * setting.noise.Fractal(at.x * 5.0F, at.y * 14.0F + tree.x, 3);
    return Paint{light.Through(Colour(0.06F, 0.08F, 0.10F).mul(light.On(normal)) * bark, tree.z)};
  });
}

void PaintCrown(cv::Mat& canvas, const Setting& setting, const Tree& tree) {
  const View& view = setting.world.view;
  const Light& light = setting.light;
  const Crown crown(tree, setting.noise);
  const cv::Point2f low = view.Project(tree.x - crown.half_width(), 0.0F, tree.z);
  const cv::Point2f high = view.Project(tree.x + crown.half_width(), 1.12F * tree.height, tree.z);
  const float pixel = tree.z / view.focal;
  const auto limit = [](float value, int most) { return std::clamp(static_cast<int>(value), 0, most); };
  for (int y = limit(high.y, canvas.rows); y < limit(low.y + 1.0F, canvas.rows); ++y) {
    auto* row = canvas.ptr<Colour>(y);
    const float up = (low.y - static_cast<float>(y)) * pixel;
    for (int x = limit(low.x, canvas.cols); x < limit(high.x + 1.0F, canvas.cols); ++x) {
      const float across = (static_cast<float>(x) - view.middle) * pixel - tree.x;
      Paint paint = crown.At(across, up, pixel, light);
      if (paint.cover <= 0.0F) continue;
      const float arrives = std::exp(-light.extinction * tree.z);
      paint.colour = paint.colour * arrives + light.air * (paint.cover * (1.0F - arrives));
      Lay(row[x], paint, 1.0F);
    }
  }
}

}  // namespace

Item TreeItem(const Setting& setting, const Tree& tree) {
  return {tree.z, [&setting, tree](cv::Mat& canvas) {
            if (!tree.bush) PaintTrunk(canvas, setting, tree);
            PaintCrown(canvas, setting, tree);
          }};
}

}  // namespace giot::camera
