#include "models/camera/ground.h"

#include <array>
#include <cmath>
#include <vector>

#include "models/camera/random.h"

namespace giot::camera {
namespace {

// One scale of a texture. Farther away than a pixel resolves it, it averages out as independent cells do.
struct Octave {
  float wavelength;  // Across the road, metres.
  float stretch;     // Times as long along it.
  float strength;    // Share of the albedo.
};

constexpr std::array<Octave, 5> kAsphalt = {
    {{5.0F, 3.0F, 0.13F}, {0.9F, 2.5F, 0.10F}, {0.16F, 1.0F, 0.12F}, {0.04F, 1.0F, 0.20F}, {0.012F, 1.0F, 0.30F}}};
constexpr std::array<Octave, 5> kGrass = {
    {{9.0F, 1.0F, 0.22F}, {1.7F, 1.0F, 0.25F}, {0.35F, 0.8F, 0.30F}, {0.09F, 0.6F, 0.45F}, {0.02F, 0.6F, 0.45F}}};

// A line painted along the road.
struct Mark {
  float u;
  float width;
  bool dashed;
  bool yellow;
};

std::vector<Mark> MarksOf(const Road& road) {
  std::vector<Mark> marks = {{road.left() + 0.15F, 0.15F, false, road.lanes_oncoming == 0 && road.yellow_middle},
                             {road.right() - 0.15F, 0.15F, false, false}};
  for (int lane = 1 - road.lanes_oncoming; lane < road.lanes_ahead; ++lane) {
    if (lane != 0) marks.push_back({road.lane_width * static_cast<float>(lane), 0.13F, true, false});
  }
  if (road.lanes_oncoming == 0) return marks;
  if (road.lanes_ahead > 1) {
    marks.push_back({-0.14F, 0.13F, false, road.yellow_middle});
    marks.push_back({0.14F, 0.13F, false, road.yellow_middle});
  } else {
    marks.push_back({0.0F, 0.13F, !road.yellow_middle, road.yellow_middle});
  }
  return marks;
}

// One row of the image below the horizon.
struct Row {
  float z;
  float deep;     // Metres along the road that a pixel spans.
  float wide;     // Across.
  float middle;   // x of the road's.
  float arrives;  // Share of the light that air lets through.
  std::array<float, 5> asphalt;
  std::array<float, 5> grass;
};

std::array<float, 5> Weights(const std::array<Octave, 5>& octaves, float deep, float wide) {
  std::array<float, 5> weights{};
  for (std::size_t i = 0; i < octaves.size(); ++i) {
    const float cells =
        (1.0F + deep / (octaves[i].wavelength * octaves[i].stretch)) * (1.0F + wide / octaves[i].wavelength);
    weights[i] = octaves[i].strength / std::sqrt(cells);
  }
  return weights;
}

class Ground {
 public:
  Ground(const World& world, const Light& light, const LampRow& lamps, const NoiseTable& noise)
      : road_(world.road),
        light_(light),
        lamps_(lamps),
        noise_(noise),
        marks_(MarksOf(world.road)),
        surroundings_(world.surroundings) {
    Random random(Derive(world.seed, 30));
    dryness_ = static_cast<float>(random.Uniform(0.0, 1.0));
    flat_light_ = light.On({0.0F, 1.0F, 0.0F});
    shade_light_ = light.sky;
    crack_share_ = static_cast<float>(random.Uniform(0.1, 0.8));
    const bool trees = surroundings_ == Surroundings::kCountry || surroundings_ == Surroundings::kSuburb;
    const float slant = std::abs(light.to_sun[0]) / std::max(0.15F, light.to_sun[1]);
    shadow_reach_ = trees && random.Chance(0.7) ? std::min(14.0F, 7.0F * slant) : 0.0F;
  }

  Row RowAt(const View& view, int y) const {
    Row row{};
    row.z = view.focal * view.height / std::max(0.35F, static_cast<float>(y) + 0.5F - view.horizon);
    row.deep = row.z * row.z / (view.focal * view.height);
    row.wide = row.z / view.focal;
    row.middle = road_.MiddleAt(row.z);
    row.arrives = std::exp(-light_.extinction * row.z);
    row.asphalt = Weights(kAsphalt, row.deep, row.wide);
    row.grass = Weights(kGrass, row.deep, row.wide);
    return row;
  }

  Colour At(const Row& row, float x) const {
    const float u = x - row.middle;
    const float beyond = std::max(road_.left() - u, u - road_.right()) - road_.shoulder;
    Colour albedo;
    float wet = light_.wetness;
    if (beyond < 0.0F) {
      albedo = Marked(row, u, Asphalt(row, u));
    } else if (beyond < road_.pavement) {
      albedo = Pavement(row, u, beyond);
    } else {
      albedo = Verge(row, u, beyond - road_.pavement);
      wet *= 0.3F;
    }
    Colour colour = albedo.mul(Illumination(row, u)) * (1.0F - 0.45F * wet);
    if (wet > 0.0F) colour += Gloss(row, u) * wet;
    return Mixed(light_.air, colour, row.arrives);
  }

 private:
  float Texture(const Row& row, float u, const std::array<Octave, 5>& octaves,
                const std::array<float, 5>& weights) const {
    float sum = 0.0F;
    for (std::size_t i = 0; i < octaves.size(); ++i) {
      const float scale = 1.0F / octaves[i].wavelength;
      const auto shift = 37.5F * static_cast<float>(i);
      sum += weights[i] * noise_.At(u * scale + shift, row.z * scale / octaves[i].stretch + shift);
    }
    return sum;
  }

  Colour Asphalt(const Row& row, float u) const {
    const float lane = u / road_.lane_width;
    const float off = (Fraction(lane) - 0.5F) * road_.lane_width;
    // Wheels polish two tracks a lane; oil drips between them.
    const float track = std::exp(-8.0F * (std::abs(off) - 0.8F) * (std::abs(off) - 0.8F));
    const float oil = std::exp(-6.0F * off * off);
    float grey = road_.asphalt * (1.0F + Texture(row, u, kAsphalt, row.asphalt) + 0.10F * track - 0.13F * oil);
    // Repairs: rectangles of younger, darker asphalt.
    const float patch = noise_.Cell(Floor(lane * 2.0F) + 71, Floor(row.z / 7.0F));
    if (patch > 0.9F) grey *= 0.72F;
    return Cracked(row, u, grey);
  }

  // Thin crooked lines, here and there.
  Colour Cracked(const Row& row, float u, float grey) const {
    if (row.z < 40.0F && noise_.At(u * 0.21F + 60.0F, row.z * 0.05F) > crack_share_) {
      const float bent = 0.35F * noise_.Fractal(u * 1.7F, row.z * 0.9F, 3);
      const float line = std::abs(noise_.At(u * 0.6F + bent + 3.0F, row.z * 0.22F + bent));
      const float width = 0.012F + 0.3F * row.wide;
      grey *= 1.0F - 0.5F * (1.0F - Smooth(0.3F * width, width, line)) / (1.0F + 4.0F * row.deep);
    }
    return {grey * 1.02F, grey, grey * 0.98F};
  }

  Colour Marked(const Row& row, float u, Colour albedo) const {
    for (const Mark& mark : marks_) {
      const float inside = (0.5F * mark.width - std::abs(u - mark.u)) / row.wide + 0.5F;
      if (inside <= 0.0F) continue;
      float cover = std::min({inside, 1.0F, mark.width / row.wide});
      if (mark.dashed) cover *= Dash(row);
      const float worn = noise_.Fractal(u * 9.0F, row.z * 2.0F, 3) + 0.5F * noise_.At(u * 60.0F, row.z * 25.0F);
      cover *= 1.0F - Smooth(0.75F - 1.1F * road_.wear, 1.1F - 0.8F * road_.wear, worn);
      const Colour paint = mark.yellow ? Colour(0.10F, 0.42F, 0.55F) : Colour(0.56F, 0.58F, 0.58F);
      albedo = Mixed(albedo, paint * (1.0F + 0.12F * worn), 0.92F * cover);
    }
    return albedo;
  }

  // Share of the row's pixels that dashes fill.
  float Dash(const Row& row) const {
    const float period = road_.dash + road_.gap;
    const float at = period * Fraction(row.z / period);
    const float soft = std::max(0.02F, row.deep);
    if (soft > period) return road_.dash / period;
    const float begins = std::clamp(at / soft + 0.5F, 0.0F, 1.0F);
    const float ends = std::clamp((road_.dash - at) / soft + 0.5F, 0.0F, 1.0F);
    return begins * ends;
  }

  Colour Pavement(const Row& row, float u, float beyond) const {
    const float texture = Texture(row, u, kAsphalt, row.asphalt);
    if (beyond < 0.25F) return Colour(0.34F, 0.35F, 0.36F) * (1.0F + 0.8F * texture);
    const float across = ToNearest(beyond / 0.5F) * 0.5F;
    const float along = ToNearest(row.z / 0.5F) * 0.5F;
    const float joint = std::max(1.0F - across / (0.015F + row.wide), 1.0F - along / (0.015F + row.deep));
    const float slab = noise_.Cell(Floor(beyond * 2.0F) + 11, Floor(row.z * 2.0F));
    const float faded = 1.0F / (1.0F + row.deep);
    const float grey = 0.24F * (1.0F + texture + 0.10F * slab * faded - 0.4F * std::max(0.0F, joint) * faded);
    return {0.95F * grey, grey, 1.04F * grey};
  }

  Colour Verge(const Row& row, float u, float beyond) const {
    const float texture = Texture(row, u, kGrass, row.grass);
    if (surroundings_ == Surroundings::kCity) return Pavement(row, u, beyond + 1.0F);
    const Colour green = Mixed(Colour(0.035F, 0.135F, 0.085F), Colour(0.07F, 0.19F, 0.19F), dryness_);
    const Colour soil(0.09F, 0.13F, 0.17F);
    const float bare =
        Smooth(0.1F, 0.6F, noise_.Fractal(u * 0.4F + 9.0F, row.z * 0.15F, 3) + 0.9F - 0.9F * std::min(beyond, 1.3F));
    return Mixed(green, soil, 0.85F * bare) * std::max(0.12F, 1.0F + texture * 1.2F);
  }

  Colour Illumination(const Row& row, float u) const {
    Colour light = flat_light_;
    if (shadow_reach_ > 0.5F) light = Mixed(flat_light_, shade_light_, Shadow(row, u));
    if (light_.lamps_on) light += LampLight(row, u);
    return light;
  }

  // Of trees beside the road, on the side of the sun.
  float Shadow(const Row& row, float u) const {
    const float inside = light_.to_sun[0] > 0.0F ? road_.right() + 2.0F - u : u - road_.left() + 2.0F;
    const float depth = 1.0F - inside / shadow_reach_;
    if (depth <= 0.0F) return 0.0F;
    const float leaves = noise_.Fractal(u * 0.25F + 40.0F, row.z * 0.13F, 4);
    return 0.85F * Smooth(0.0F, 0.18F, leaves + std::min(0.5F, 1.2F * depth) - 0.25F);
  }

  Colour LampLight(const Row& row, float u) const {
    if (lamps_.spacing <= 0.0F) return {};
    const auto nearest = Floor((row.z - lamps_.first) / lamps_.spacing + 0.5F);
    float sum = 0.0F;
    for (int lamp = nearest - 1; lamp <= nearest + 1; ++lamp) {
      const float along = row.z - lamps_.first - lamps_.spacing * static_cast<float>(lamp);
      const float across = u - (lamp % 2 == 0 ? lamps_.offset : -lamps_.offset) - 0.5F * (road_.left() + road_.right());
      const float square = lamps_.height * lamps_.height + along * along + across * across;
      sum += lamps_.height * lamps_.height * lamps_.height / (square * std::sqrt(square));
    }
    return Colour(0.10F, 0.19F, 0.28F) * (sum * light_.night);
  }

  // The sky mirrored in a film of water, brighter the flatter it is seen.
  Colour Gloss(const Row& row, float u) const {
    const float puddle = Smooth(-0.3F, 0.6F, noise_.Fractal(u * 0.3F + 21.0F, row.z * 0.06F, 4));
    const float flat = Smooth(2.0F, 60.0F, row.z);
    return light_.horizon * ((0.03F + 0.30F * flat) * (0.35F + 0.65F * puddle));
  }

  const Road& road_;
  const Light& light_;
  const LampRow& lamps_;
  const NoiseTable& noise_;
  std::vector<Mark> marks_;
  Surroundings surroundings_;
  float dryness_;
  float crack_share_;
  float shadow_reach_;
  Colour flat_light_;
  Colour shade_light_;
};

}  // namespace

LampRow LampsOf(const World& world) {
  Random random(Derive(world.seed, 31));
  const bool built_up = world.surroundings == Surroundings::kCity || world.surroundings == Surroundings::kSuburb;
  if (!built_up && !random.Chance(0.6)) return {};
  LampRow lamps;
  lamps.spacing = static_cast<float>(random.Uniform(22.0, 36.0));
  lamps.first = static_cast<float>(random.Uniform(8.0, 20.0));
  lamps.height = static_cast<float>(random.Uniform(6.5, 10.0));
  lamps.offset = 0.5F * (world.road.right() - world.road.left()) - 0.6F;
  return lamps;
}

void PaintGround(cv::Mat& canvas, const World& world, const Light& light, const LampRow& lamps,
                 const NoiseTable& noise) {
  const Ground ground(world, light, lamps, noise);
  const View& view = world.view;
  for (int y = std::max(0, Floor(view.horizon)); y < canvas.rows; ++y) {
    const Row row = ground.RowAt(view, y);
    auto* out = canvas.ptr<Colour>(y);
    for (int x = 0; x < canvas.cols; ++x) out[x] = ground.At(row, (static_cast<float>(x) - view.middle) * row.wide);
  }
}

}  // namespace giot::camera
