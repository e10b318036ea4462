#pragma once

#include <cstdint>

#include "models/quality/quality_model.h"

namespace giot::quality {

// A model of the right sizes with random weights, like one fresh from training.
QualityModel RandomModel(std::uint64_t seed);

// A model that says the same of every image: raw usefulness and all factors. G is the identity.
QualityModel ConstantModel(double usefulness, double factor);

// A model that looks at one feature only: its raw usefulness rises with it, 1/2 at `middle`. All
// factors are nearly 1.
QualityModel OneFeatureModel(std::size_t feature, float middle, float scale);

}  // namespace giot::quality
