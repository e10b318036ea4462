#include "models/camera/light.h"

#include <cmath>
#include <numbers>

#include "models/camera/random.h"

namespace giot::camera {
namespace {

struct Air {
  double visibility;  // Metres, Koschmieder's: where 2 % of the contrast is left.
  float sun;          // Shares of a clear day's.
  float sky;
  float cloudiness;
  float wetness;
};

Air AirOf(Weather weather, Random& random) {
  switch (weather) {
    case Weather::kClear:
      return {random.Uniform(6000, 15000), 1.0F, 1.0F, static_cast<float>(random.Uniform(0.1, 0.5)), 0.0F};
    case Weather::kOvercast:
      return {random.Uniform(2500, 6000), 0.04F, 1.5F, 1.0F, 0.0F};
    case Weather::kRain:
      return {random.Uniform(500, 1200), 0.0F, 1.0F, 1.0F, 1.0F};
    case Weather::kFog:
      return {random.Uniform(90, 220), 0.0F, 1.2F, 1.0F, 0.3F};
  }
  return {};
}

float Luminance(const Colour& colour) { return 0.07F * colour[0] + 0.72F * colour[1] + 0.21F * colour[2]; }

}  // namespace

Light LightOf(Weather weather, double hour, std::uint64_t seed) {
  Random random(seed);
  const Air air = AirOf(weather, random);
  const double turn = std::numbers::pi * (hour - 6.0) / 12.0;
  const double elevation = std::sin(turn);  // Of 1 at noon, negative at night.
  const double bearing = random.Uniform(-2.6, 2.6);
  const double height = std::max(0.06, 0.85 * elevation);
  const double level = std::sqrt(1.0 - height * height);

  const float day = Smooth(-0.22F, 0.25F, static_cast<float>(elevation));
  const float direct = Smooth(-0.02F, 0.30F, static_cast<float>(elevation));
  const float low_sun = 1.0F - Smooth(0.0F, 0.5F, static_cast<float>(elevation));

  Light light;
  light.to_sun = cv::Vec3f(static_cast<float>(level * std::sin(bearing)), static_cast<float>(height),
                           static_cast<float>(level * std::cos(bearing)));
  light.night = 1.0F - day;
  light.cloudiness = air.cloudiness;
  light.wetness = air.wetness;
  light.extinction = static_cast<float>(3.912 / air.visibility);
  light.sun = Mixed(Colour(0.92F, 1.0F, 1.05F), Colour(0.45F, 0.80F, 1.15F), low_sun) * (0.95F * direct * air.sun);
  const Colour grey(0.52F, 0.52F, 0.51F);
  light.sky =
      Mixed(Colour(0.42F, 0.34F, 0.29F), grey, air.cloudiness) * (day * air.sky) + Colour(0.009F, 0.011F, 0.013F);

  const Colour clouded = Mixed(Colour(0.70F, 0.69F, 0.67F), Colour(0.55F, 0.55F, 0.54F), air.wetness);
  const Colour dusk(0.30F, 0.42F, 0.72F);
  const float clouds = Smooth(0.5F, 1.0F, air.cloudiness);
  light.zenith = Mixed(Colour(0.62F, 0.33F, 0.15F), clouded, clouds) * day + Colour(0.012F, 0.008F, 0.006F);
  light.horizon = Mixed(Mixed(Colour(0.85F, 0.76F, 0.68F), dusk, low_sun * 0.7F), clouded * 1.1F, clouds) * day +
                  Colour(0.014F, 0.016F, 0.020F);
  light.air =
      Mixed(light.horizon, light.horizon * 0.8F + light.sky * 0.2F, 0.5F) * (weather == Weather::kFog ? 0.95F : 0.85F);
  if (weather == Weather::kFog) light.air += Colour(0.012F, 0.018F, 0.024F) * light.night;

  light.lamps_on = day < 0.6F;
  light.headlights_on = day < 0.8F || weather == Weather::kFog || weather == Weather::kRain;
  // The exposure follows the light, but not all the way: night stays darker than day.
  const float bright = Luminance(light.sky) + 0.6F * Luminance(light.sun) + 0.012F;
  light.gain = std::clamp(std::pow(0.85F / bright, 0.62F), 0.8F, 5.5F);
  return light;
}

}  // namespace giot::camera
