#include "models/camera/sky.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "models/camera/random.h"

namespace giot::camera {
namespace {

Colour CloudColour(const Light& light, float thickness) {
  const Colour lit = light.sky * 1.1F + light.sun * 0.55F;
  const Colour shaded = light.sky * 0.8F + light.sun * 0.05F;
  return Mixed(lit, shaded, thickness);
}

// Where the sun's disk would be on the image, or far outside.
cv::Point2f SunAt(const View& view, const Light& light) {
  if (light.to_sun[2] < 0.05F) return {-1e6F, -1e6F};
  return {view.middle + view.focal * light.to_sun[0] / light.to_sun[2],
          view.horizon - view.focal * light.to_sun[1] / light.to_sun[2]};
}

struct Ridge {
  float distance;  // Metres.
  float height;    // Of the highest parts.
  float width;     // Of a hill or a tree, metres.
  float rough;     // Share of height that small forms make.
  Colour albedo;
};

// Height over the ground of the ridge's outline, metres.
float OutlineAt(const Ridge& ridge, const NoiseTable& noise, float x, bool town) {
  const float along = x / ridge.width + 13.7F * ridge.distance;
  if (town) {
    // Blocks of one height each, and gaps.
    const auto block = Floor(along * 2.0F);
    return ridge.height * (0.45F + 0.55F * noise.Cell(block, 3) * noise.Cell(block, 3) + 0.06F * noise.Cell(block, 5));
  }
  const float hills = 0.62F + 0.38F * noise.Fractal(along, 3.5F, 3);
  const float trees = ridge.rough * (std::abs(noise.Fractal(x * 0.17F, 9.5F, 3)) - 0.3F);
  return ridge.height * (hills + trees);
}

void PaintRidge(cv::Mat& canvas, const View& view, const Light& light, const NoiseTable& noise, const Ridge& ridge,
                bool town) {
  const float metres = ridge.distance / view.focal;
  const Colour ambient = light.sky * 0.7F + light.sun * (0.35F * light.to_sun[1]);
  const float ground = view.horizon + view.focal * view.height / ridge.distance;
  for (int x = 0; x < canvas.cols; ++x) {
    const float across = (static_cast<float>(x) - view.middle) * metres;
    const float top = ground - OutlineAt(ridge, noise, across, town) / metres;
    const int first = std::max(0, Floor(top));
    const int last = std::min(canvas.rows - 1, Floor(std::min(ground, view.horizon)) + 1);
    for (int y = first; y <= last; ++y) {
      const float up = (ground - static_cast<float>(y)) * metres;
      const float leaves = noise.Fractal(across * 0.45F, up * 0.6F, 3);
      Colour colour = ridge.albedo.mul(ambient) * std::max(0.15F, 1.0F + 1.1F * leaves);
      if (town && noise.Cell(Floor(across * 0.35F), Floor(up * 0.33F)) > 0.2F) {
        colour *= 0.55F;
      }
      const float cover = std::clamp(static_cast<float>(y) + 0.5F - top, 0.0F, 1.0F);
      Lay(canvas.ptr<Colour>(y)[x], {light.Through(colour, ridge.distance)}, cover);
    }
  }
}

void PaintRidges(cv::Mat& canvas, const World& world, const Light& light, const NoiseTable& noise) {
  Random random(Derive(world.seed, 20));
  const Colour wood(0.035F, 0.075F, 0.055F);
  const Colour far_wood(0.06F, 0.09F, 0.07F);
  const Colour stone(0.20F, 0.20F, 0.21F);
  const bool city = world.surroundings == Surroundings::kCity;
  const auto height = static_cast<float>(random.Uniform(30.0, city ? 90.0 : 220.0));
  PaintRidge(canvas, world.view, light, noise, {3000.0F, height, 900.0F, 0.05F, far_wood}, false);
  if (city) {
    PaintRidge(canvas, world.view, light, noise,
               {700.0F, static_cast<float>(random.Uniform(25, 70)), 40.0F, 0.0F, stone}, true);
    return;
  }
  const auto trees = static_cast<float>(random.Uniform(7.0, 22.0));
  PaintRidge(canvas, world.view, light, noise, {650.0F, 1.3F * trees, 160.0F, 0.3F, far_wood}, false);
  PaintRidge(canvas, world.view, light, noise, {330.0F, 0.75F * trees, 70.0F, 0.45F, wood}, false);
}

// Density of the clouds along a row, at every second pixel and between.
void FillClouds(std::vector<float>& row, const View& view, const NoiseTable& noise, float distance, float wind) {
  const auto at = [&](int x) {
    const float across = (static_cast<float>(x) - view.middle) / view.focal * distance;
    return noise.Fractal(0.8F * across + wind + 5.0F, 0.8F * distance + 0.4F * wind, 5);
  };
  const int last = static_cast<int>(row.size()) - 1;
  float left = at(0);
  for (int x = 0; x <= last; x += 2) {
    const float right = at(x + 2);
    row[static_cast<std::size_t>(x)] = left;
    if (x < last) row[static_cast<std::size_t>(x) + 1] = 0.5F * (left + right);
    left = right;
  }
}

}  // namespace

void PaintSky(cv::Mat& canvas, const World& world, const Light& light, const NoiseTable& noise, double seconds) {
  const View& view = world.view;
  const int rows = std::min(canvas.rows, static_cast<int>(std::ceil(view.horizon)) + 1);
  const auto wind = static_cast<float>(0.012 * seconds);
  const cv::Point2f sun = SunAt(view, light);
  const bool sun_shows = sun.x > -1e5F && light.cloudiness < 0.7F;
  const float edge = 0.45F - 1.05F * light.cloudiness;
  std::vector<float> clouds(static_cast<std::size_t>(canvas.cols));
  for (int y = 0; y < rows; ++y) {
    auto* row = canvas.ptr<Colour>(y);
    const float elevation = std::max(0.0F, view.horizon - static_cast<float>(y)) / view.focal;
    const Colour plain = Mixed(light.zenith, light.horizon, std::exp(-3.5F * elevation));
    // Clouds lie on a plane that meets the horizon far away.
    FillClouds(clouds, view, noise, 1.0F / (elevation + 0.07F), wind);
    const float most = (0.35F + 0.65F * Smooth(0.0F, 0.12F, elevation)) * (0.55F + 0.35F * light.cloudiness);
    const float haze = std::min(1.0F, 320.0F * light.extinction / (1.0F + 18.0F * elevation));
    for (int x = 0; x < canvas.cols; ++x) {
      const float cloud = clouds[static_cast<std::size_t>(x)];
      const Colour lit = CloudColour(light, Smooth(edge, edge + 1.1F, cloud));
      Colour colour = Mixed(plain, lit, most * Smooth(edge, edge + 0.45F, cloud));
      if (sun_shows) {
        const float off = std::hypot(static_cast<float>(x) - sun.x, static_cast<float>(y) - sun.y) / view.focal;
        const float disk = off < 0.3F ? 6.0F * std::exp(-180.0F * off * off) : 0.0F;
        colour += light.sun * (0.25F * std::exp(-9.0F * off) + disk);
      }
      row[x] = Mixed(colour, light.air, haze);
    }
  }
  PaintRidges(canvas, world, light, noise);
}

}  // namespace giot::camera
