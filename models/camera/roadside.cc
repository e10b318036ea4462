#include "models/camera/roadside.h"

#include "models/camera/buildings.h"
#include "models/camera/furniture.h"
#include "models/camera/random.h"
#include "models/camera/trees.h"

namespace giot::camera {
namespace {

// Where the verge, or what replaces it, begins on a side: +1 right, -1 left.
float Outside(const Road& road, float side) {
  return side > 0.0F ? road.right() + road.shoulder + road.pavement : road.left() - road.shoulder - road.pavement;
}

float Between(Random& random, double low, double high) { return static_cast<float>(random.Uniform(low, high)); }

// Trees in the open: `gap` metres between them on average, up to `spread` metres away from the road.
void AddTrees(const Setting& setting, float side, double gap, double spread, Random& random, Items& items) {
  const Road& road = setting.world.road;
  const bool conifers = random.Chance(0.25);
  const double scale = random.Uniform(0.7, 1.3);
  for (float z = Between(random, 7.0, 7.0 + gap); z < 210.0F; z += Between(random, 0.4 * gap, 1.6 * gap)) {
    const bool bush = random.Chance(0.3);
    const float away = 2.2F + Between(random, 0.0, spread) + 0.02F * z;
    items.push_back(
        TreeItem(setting, {.x = road.MiddleAt(z) + Outside(road, side) + side * away,
                           .z = z,
                           .height = static_cast<float>(scale) * Between(random, bush ? 1.2 : 5.0, bush ? 2.8 : 12.0),
                           .conifer = conifers && !bush,
                           .bush = bush,
                           .seed = random.Next()}));
  }
}

void AddHouses(const Setting& setting, float side, Random& random, Items& items) {
  const Road& road = setting.world.road;
  for (float z = Between(random, -8.0, 4.0); z < 170.0F;) {
    const float length = Between(random, 8.0, 15.0);
    const float away = Between(random, 3.5, 8.0);
    items.push_back(
        BuildingItem(setting, {.near_x = road.MiddleAt(z + 0.5F * length) + Outside(road, side) + side * away,
                               .depth = Between(random, 7.0, 11.0),
                               .front = z,
                               .back = z + length,
                               .height = Between(random, 4.5, 7.0),
                               .gable = random.Chance(0.85),
                               .seed = random.Next()}));
    z += length + Between(random, 4.0, 14.0);
  }
}

void AddBlocks(const Setting& setting, float side, Random& random, Items& items) {
  const Road& road = setting.world.road;
  for (float z = -6.0F; z < 260.0F;) {
    const float length = Between(random, 12.0, 28.0);
    items.push_back(BuildingItem(
        setting, {.near_x = road.MiddleAt(z + 0.5F * length) + Outside(road, side) + side * Between(random, 0.3, 1.2),
                  .depth = 14.0F,
                  .front = z,
                  .back = z + length,
                  .height = Between(random, 9.0, 26.0),
                  .gable = false,
                  .seed = random.Next()}));
    z += length + (random.Chance(0.2) ? 9.0F : 0.0F);
  }
}

void AddSide(const Setting& setting, float side, Random& random, Items& items) {
  switch (setting.world.surroundings) {
    case Surroundings::kCountry:
      AddTrees(setting, side, random.Uniform(6.0, 22.0), random.Uniform(3.0, 25.0), random, items);
      break;
    case Surroundings::kSuburb:
      AddHouses(setting, side, random, items);
      AddTrees(setting, side, random.Uniform(12.0, 26.0), 1.5, random, items);
      break;
    case Surroundings::kCity:
      AddBlocks(setting, side, random, items);
      break;
    case Surroundings::kMotorway:
      AddTrees(setting, side, random.Uniform(7.0, 20.0), random.Uniform(4.0, 20.0), random, items);
      break;
  }
}

}  // namespace

Items RoadsideOf(const Setting& setting) {
  Items items;
  Random random(Derive(setting.world.seed, 40));
  AddSide(setting, 1.0F, random, items);
  AddSide(setting, -1.0F, random, items);
  AddStrips(setting, items);
  AddPosts(setting, items);
  return items;
}

}  // namespace giot::camera
