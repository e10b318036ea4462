#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "models/quality/features.h"

namespace giot::quality {

// Where the feature of this name, one of FeatureNames(), stands.
inline std::size_t FeatureIndex(std::string_view name) {
  const auto& names = FeatureNames();
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace giot::quality
