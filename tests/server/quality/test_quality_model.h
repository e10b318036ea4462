#pragma once

#include <filesystem>

#include "models/quality/quality_model.h"

namespace giot::quality {

// A model that finds every image alike: usefulness and factors are all this share,
// and the margin is a tenth. With it, a score tells what became of everything else.
QualityModel IndifferentModel(double share = 0.8);

// The same as a bundle: <root>/quality/<version>.
std::filesystem::path WriteIndifferentModel(const std::filesystem::path& root, int version = 1, double share = 0.8);

}  // namespace giot::quality
