#include "models/camera/vehicle_shape.h"

#include <array>
#include <cstddef>

namespace giot::camera {
namespace {

std::vector<Decal> CarDecals(float half_width, float belt) {
  const float outer = half_width - 0.04F;
  return {{Fitting::kHeadlight, true, 0.56F * outer, 0.98F * outer, belt - 0.24F, belt - 0.08F},
          {Fitting::kGrille, true, 0.0F, 0.50F * outer, belt - 0.27F, belt - 0.12F},
          {Fitting::kBumper, true, 0.0F, 0.62F * outer, 0.24F, 0.38F},
          {Fitting::kPlate, true, 0.0F, 0.26F, 0.40F, 0.51F},
          {Fitting::kTailLight, false, 0.64F * outer, 0.99F * outer, belt - 0.20F, belt + 0.01F},
          {Fitting::kBumper, false, 0.0F, 0.80F * outer, 0.24F, 0.36F},
          {Fitting::kPlate, false, 0.0F, 0.26F, 0.50F, 0.62F}};
}

Shape Hatchback() {
  return {.bodies = {{0.34F,
                      {{0.18F, 0.78F, 1.92F, -1.90F, Skin::kPlastic},
                       {0.31F, 0.86F, 2.02F, -1.99F, Skin::kPaint},
                       {0.60F, 0.88F, 2.04F, -2.00F, Skin::kPaint},
                       {0.80F, 0.87F, 1.92F, -1.97F, Skin::kPaint},
                       {0.92F, 0.84F, 1.02F, -1.92F, Skin::kGlass},
                       {1.36F, 0.66F, 0.22F, -1.52F, Skin::kPaint},
                       {1.46F, 0.56F, 0.02F, -1.35F, Skin::kPaint}}}},
          .decals = CarDecals(0.88F, 0.86F),
          .axles = {1.25F, -1.25F},
          .wheel = 0.31F,
          .half_width = 0.88F,
          .half_length = 2.04F,
          .height = 1.46F};
}

Shape Saloon() {
  return {.bodies = {{0.36F,
                      {{0.18F, 0.80F, 2.20F, -2.18F, Skin::kPlastic},
                       {0.31F, 0.88F, 2.30F, -2.28F, Skin::kPaint},
                       {0.58F, 0.90F, 2.32F, -2.30F, Skin::kPaint},
                       {0.80F, 0.89F, 2.20F, -2.26F, Skin::kPaint},
                       {0.92F, 0.85F, 1.08F, -1.62F, Skin::kGlass},
                       {1.33F, 0.65F, 0.25F, -1.00F, Skin::kPaint},
                       {1.42F, 0.55F, 0.05F, -0.80F, Skin::kPaint}}}},
          .decals = CarDecals(0.90F, 0.84F),
          .axles = {1.40F, -1.38F},
          .wheel = 0.32F,
          .half_width = 0.90F,
          .half_length = 2.32F,
          .height = 1.42F};
}

Shape Suv() {
  return {.bodies = {{0.32F,
                      {{0.24F, 0.84F, 2.16F, -2.12F, Skin::kPlastic},
                       {0.46F, 0.93F, 2.26F, -2.22F, Skin::kPaint},
                       {0.75F, 0.95F, 2.28F, -2.24F, Skin::kPaint},
                       {0.98F, 0.93F, 2.18F, -2.22F, Skin::kPaint},
                       {1.10F, 0.90F, 1.15F, -2.16F, Skin::kGlass},
                       {1.57F, 0.74F, 0.45F, -1.85F, Skin::kPaint},
                       {1.68F, 0.64F, 0.25F, -1.70F, Skin::kPaint}}}},
          .decals = CarDecals(0.95F, 1.03F),
          .axles = {1.38F, -1.36F},
          .wheel = 0.36F,
          .half_width = 0.95F,
          .half_length = 2.28F,
          .height = 1.68F};
}

Shape Van() {
  return {.bodies = {{0.22F,
                      {{0.24F, 0.88F, 2.58F, -2.58F, Skin::kPlastic},
                       {0.44F, 0.96F, 2.66F, -2.64F, Skin::kPaint},
                       {0.95F, 0.98F, 2.62F, -2.66F, Skin::kPaint},
                       {1.18F, 0.97F, 2.15F, -2.66F, Skin::kGlass},
                       {1.78F, 0.91F, 1.45F, -2.64F, Skin::kPaint},
                       {2.10F, 0.86F, 1.15F, -2.58F, Skin::kPaint},
                       {2.16F, 0.76F, 1.00F, -2.45F, Skin::kPaint}}}},
          .decals = {{Fitting::kHeadlight, true, 0.60F, 0.92F, 0.76F, 0.98F},
                     {Fitting::kGrille, true, 0.0F, 0.52F, 0.66F, 0.90F},
                     {Fitting::kPlate, true, 0.0F, 0.26F, 0.42F, 0.53F},
                     {Fitting::kTailLight, false, 0.82F, 0.95F, 0.85F, 1.35F},
                     {Fitting::kBumper, false, 0.0F, 0.90F, 0.28F, 0.46F},
                     {Fitting::kPlate, false, 0.0F, 0.26F, 0.56F, 0.68F}},
          .axles = {1.70F, -1.65F},
          .wheel = 0.34F,
          .half_width = 0.98F,
          .half_length = 2.66F,
          .height = 2.16F};
}

Shape Lorry() {
  return {.bodies = {{0.18F,
                      {{0.35F, 1.12F, 4.30F, 2.55F, Skin::kPlastic},
                       {0.70F, 1.20F, 4.38F, 2.50F, Skin::kPaint},
                       {1.55F, 1.20F, 4.38F, 2.50F, Skin::kGlass},
                       {2.35F, 1.17F, 4.25F, 2.50F, Skin::kPaint},
                       {2.85F, 1.10F, 3.90F, 2.55F, Skin::kPaint}}},
                     {0.05F,
                      {{0.45F, 1.05F, 2.40F, -4.30F, Skin::kPlastic},
                       {0.98F, 1.24F, 2.42F, -4.38F, Skin::kCargo},
                       {3.55F, 1.24F, 2.42F, -4.38F, Skin::kCargo}}}},
          .decals = {{Fitting::kHeadlight, true, 0.78F, 1.10F, 0.72F, 0.92F},
                     {Fitting::kGrille, true, 0.0F, 0.85F, 0.98F, 1.42F},
                     {Fitting::kPlate, true, 0.0F, 0.26F, 0.52F, 0.63F},
                     {Fitting::kTailLight, false, 0.85F, 1.15F, 0.72F, 0.88F},
                     {Fitting::kBumper, false, 0.0F, 1.15F, 0.50F, 0.66F},
                     {Fitting::kPlate, false, 0.0F, 0.26F, 0.72F, 0.84F}},
          .axles = {3.40F, -2.30F, -3.40F},
          .wheel = 0.48F,
          .half_width = 1.24F,
          .half_length = 4.38F,
          .height = 3.55F};
}

Shape Bus() {
  return {.bodies = {{0.20F,
                      {{0.32F, 1.18F, 5.80F, -5.78F, Skin::kPlastic},
                       {0.60F, 1.25F, 5.88F, -5.86F, Skin::kPaint},
                       {1.30F, 1.25F, 5.88F, -5.86F, Skin::kGlass},
                       {2.45F, 1.24F, 5.80F, -5.84F, Skin::kPaint},
                       {3.00F, 1.18F, 5.65F, -5.75F, Skin::kPaint}}}},
          .decals = {{Fitting::kHeadlight, true, 0.80F, 1.15F, 0.72F, 0.92F},
                     {Fitting::kPlate, true, 0.0F, 0.26F, 0.45F, 0.56F},
                     {Fitting::kTailLight, false, 0.95F, 1.18F, 0.80F, 1.15F},
                     {Fitting::kGrille, false, 0.0F, 0.70F, 0.70F, 1.15F},
                     {Fitting::kPlate, false, 0.0F, 0.26F, 0.45F, 0.56F}},
          .axles = {3.60F, -2.80F},
          .wheel = 0.48F,
          .half_width = 1.25F,
          .half_length = 5.88F,
          .height = 3.00F};
}

}  // namespace

const Shape& ShapeOf(VehicleKind kind) {
  static const std::array<Shape, kVehicleKinds> kShapes = {Hatchback(), Saloon(), Suv(), Van(), Lorry(), Bus()};
  return kShapes[static_cast<std::size_t>(kind)];
}

}  // namespace giot::camera
