#pragma once

#include <string>

#include "models/bundle/manifest.h"

namespace giot::bundle {

// MODEL_CARD.md: the manifest for people, with intended use and limits.
std::string ModelCard(const Manifest& manifest);

}  // namespace giot::bundle
