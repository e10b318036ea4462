#include "models/camera/scene.h"

#include <algorithm>
#include <bit>
#include <opencv2/core.hpp>

#include "models/camera/ground.h"
#include "models/camera/random.h"
#include "models/camera/roadside.h"
#include "models/camera/sensor.h"
#include "models/camera/sky.h"
#include "models/camera/traffic.h"

namespace giot::camera {

Frame RenderScene(const SceneOptions& options, double seconds) {
  const World world = WorldOf(options);
  const Light light = LightOf(options.weather, options.hour, Derive(options.seed, 2));
  const NoiseTable noise(Derive(options.seed, 3));
  const LampRow lamps = LampsOf(world);
  const Setting setting{world, light, lamps, noise};

  cv::Mat canvas = cv::Mat::zeros(options.height, options.width, CV_32FC3);
  PaintSky(canvas, world, light, noise, seconds);
  PaintGround(canvas, world, light, lamps, noise);
  const std::vector<Vehicle> traffic = TrafficAt(world, seconds);
  PaintShadows(canvas, setting, traffic);

  Items items = RoadsideOf(setting);
  AddVehicles(setting, traffic, items);
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.distance > b.distance; });
  for (const Item& item : items) item.paint(canvas);
  if (options.weather == Weather::kRain) PaintRain(canvas, light, Derive(options.seed, 4), seconds);

  const std::uint64_t moment = Derive(Derive(options.seed, 6), std::bit_cast<std::uint64_t>(seconds));
  return {Develop(canvas, light, Derive(options.seed, 5), moment), BoxesOf(world, light, traffic)};
}

}  // namespace giot::camera
