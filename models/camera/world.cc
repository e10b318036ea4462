#include "models/camera/world.h"

#include <algorithm>

#include "models/camera/random.h"

namespace giot::camera {
namespace {

float Between(Random& random, double low, double high) { return static_cast<float>(random.Uniform(low, high)); }

Surroundings SurroundingsOf(Random& random) {
  constexpr Surroundings kKinds[] = {Surroundings::kCountry, Surroundings::kSuburb, Surroundings::kCity,
                                     Surroundings::kMotorway};
  return kKinds[random.Integer(0, 3)];
}

void ChooseLanes(Road& road, Surroundings surroundings, Random& random) {
  const bool motorway = surroundings == Surroundings::kMotorway;
  road.lane_width = Between(random, 3.1, motorway ? 3.8 : 3.5);
  road.lanes_ahead =
      motorway ? random.Integer(2, 4) : random.Integer(1, surroundings == Surroundings::kCountry ? 1 : 2);
  const bool one_way = motorway ? random.Chance(0.5) : random.Chance(0.15);
  road.lanes_oncoming = one_way ? 0 : road.lanes_ahead;
  if (one_way) road.lanes_ahead = std::max(2, road.lanes_ahead);
  road.shoulder = motorway ? Between(random, 1.0, 2.8) : Between(random, 0.2, 0.9);
}

void ChooseEdge(Road& road, Surroundings surroundings, Random& random) {
  switch (surroundings) {
    case Surroundings::kCountry:
      road.edge = random.Chance(0.35) ? Edge::kGuardRail : Edge::kGrass;
      break;
    case Surroundings::kSuburb:
    case Surroundings::kCity:
      road.edge = Edge::kKerb;
      road.pavement = Between(random, 1.6, 3.5);
      break;
    case Surroundings::kMotorway:
      road.edge = random.Chance(0.6) ? Edge::kGuardRail : Edge::kBarrier;
      break;
  }
}

Road RoadOf(Surroundings surroundings, Random& random) {
  Road road;
  ChooseLanes(road, surroundings, random);
  ChooseEdge(road, surroundings, random);
  const double bend = surroundings == Surroundings::kCity ? 0.0005 : 0.0022;
  road.curvature = static_cast<float>(bend * std::clamp(random.Normal() * 0.7, -1.3, 1.3));
  road.asphalt = Between(random, 0.09, 0.26);
  road.wear = Between(random, 0.1, 0.6);
  road.yellow_middle = random.Chance(0.35);
  road.dash = Between(random, 2.0, 5.0);
  road.gap = road.dash * Between(random, 1.2, 2.6);
  return road;
}

// A camera behind a windscreen, or one on a pole or a bridge.
void ChooseView(View& view, Road& road, Random& random) {
  const auto rows = static_cast<float>(view.size.height);
  const bool windscreen = random.Chance(0.55);
  view.height = windscreen ? Between(random, 1.25, 2.2) : Between(random, 4.0, 7.5);
  view.horizon = rows * (windscreen ? Between(random, 0.42, 0.55) : Between(random, 0.22, 0.38));
  view.focal = rows * Between(random, 1.15, 1.7);
  view.middle = static_cast<float>(view.size.width) * Between(random, 0.42, 0.58);
  const float lane = road.lane_width * (static_cast<float>(random.Integer(0, road.lanes_ahead - 1)) + 0.5F);
  const float place =
      windscreen ? lane
                 : Between(random, static_cast<double>(road.left()) - 1.5, static_cast<double>(road.right()) + 1.5);
  road.start = -place;
  road.heading = Between(random, -0.03, 0.03);
}

}  // namespace

World WorldOf(const SceneOptions& options) {
  Random random(Derive(options.seed, 1));
  World world;
  world.seed = options.seed;
  world.surroundings = SurroundingsOf(random);
  world.road = RoadOf(world.surroundings, random);
  world.view.size = {options.width, options.height};
  ChooseView(world.view, world.road, random);
  return world;
}

}  // namespace giot::camera
