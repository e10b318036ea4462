#pragma once

#include <filesystem>
#include <string>

#include "models/bundle/family.h"
#include "models/bundle/manifest.h"

namespace giot::bundle {

// The ranges of a family's training distribution, wide enough for any of its markets.
MarketRanges TestRanges(Family family = Family::kScreening);

// Writes an unsigned bundle with random weights (a small network, the same for
// every call with the same version and family) to <root>/<name>/<version> and returns
// that path. Aborts the test program if it cannot.
std::filesystem::path WriteTestBundle(const std::filesystem::path& root, std::string name = "screening",
                                      int version = 1, Family family = Family::kScreening);

}  // namespace giot::bundle
